import { Button, Group, NumberInput, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Company } from '../api/shapes'
import { useMe } from '../session/use-session'
import { useCompany } from '../settings/company'
import { Failed } from '../shell/states'

/** How many optional holidays each person may choose. */
export function OptionalSetting() {
  const answer = useCompany()
  if (!answer.data) return null
  return <Card company={answer.data} />
}

function Card({ company }: { company: Company }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const queries = useQueryClient()
  const [most, setMost] = useState<number>()
  const save = useMutation({
    mutationFn: (optional_holidays: number) =>
      ok(
        api.PATCH('/api/v1/companies/{company}', {
          params: { path: { company: company.username } },
          body: { optional_holidays, version: company.version },
        }),
      ),
    onSuccess: () => {
      setMost(undefined)
      notifications.show({ message: t('app.saved'), color: 'pine' })
      void queries.invalidateQueries({ queryKey: ['optional'] })
      return queries.invalidateQueries({ queryKey: ['company'] })
    },
  })
  const value = most ?? company.optional_holidays
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640} data-testid="optional-setting">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(value)
        }}
      >
        <Stack gap="sm">
          <div>
            <Title order={2}>{t('optional.setting')}</Title>
            <Text size="sm" c="dimmed">
              {t('optional.settingLead')}
            </Text>
          </div>
          <Group align="flex-end" gap="sm">
            <NumberInput
              label={t('optional.settingLabel')}
              min={0}
              max={30}
              clampBehavior="strict"
              allowDecimal={false}
              disabled={role !== 'admin'}
              w={140}
              value={value}
              onChange={(next) => setMost(Number(next) || 0)}
            />
            {role === 'admin' && (
              <Button type="submit" variant="default" loading={save.isPending} disabled={value === company.optional_holidays}>
                {t('app.save')}
              </Button>
            )}
          </Group>
          {save.error && <Failed error={save.error} />}
        </Stack>
      </form>
    </Paper>
  )
}
