import { Button, Group, Stack, Text } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { OwnErasure } from '../api/shapes'
import { dateAndTime, dateOf } from '../clock/clock'
import { Failed } from '../shell/states'
import { useReceipt } from './consent'

/** One erasure: why, how far, and its receipt. */
export function ErasureRow(props: { company: string; username: string; erasure: OwnErasure; zone: string; children?: ReactNode }) {
  const { company, username, erasure, zone, children } = props
  const { t } = useTranslation()
  const receipt = useReceipt(company, username, erasure.number)
  const asked = dateAndTime(erasure.asked_at, zone)
  const state = {
    pending: () => t('erasure.pending', { date: dateOf(erasure.images_due_at, zone) }),
    begun: () => t('erasure.begun'),
    done: () => t('erasure.done', { date: dateOf(erasure.images_erased_at ?? '', zone) }),
    cancelled: () => t('erasure.cancelled', { date: dateOf(erasure.cancelled_at ?? '', zone) }),
  }[erasure.state]()
  const finished = erasure.state === 'done' || erasure.state === 'cancelled'
  return (
    <Stack gap={4} data-testid="erasure" data-state={erasure.state}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          {children}
          <Text size="sm" fw={children ? undefined : 580}>
            {state}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`erasure.reason.${erasure.reason}`, { when: asked })}.{' '}
            {erasure.templates_erased_at
              ? t('erasure.templates', { when: dateAndTime(erasure.templates_erased_at, zone) })
              : t('erasure.templatesLeft')}
            .
          </Text>
        </div>
        {finished && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconFileDownload size={16} />}
            loading={receipt.isPending}
            onClick={() => receipt.mutate()}
            aria-label={t('erasure.receiptOf', { when: asked })}
            style={{ flex: 'none' }}
          >
            {t('erasure.receipt')}
          </Button>
        )}
      </Group>
      {receipt.error && <Failed error={receipt.error} />}
    </Stack>
  )
}
