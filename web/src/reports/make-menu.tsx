import { Button, Group, Loader, Menu, Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronDown, IconDownload, IconFileSpreadsheet, IconFileTypeCsv } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import { Failed } from '../shell/states'
import { useMaking } from './reports'

interface Props {
  company: string
  /** The operation that makes the file, and what it is asked for. */
  path: string
  query: Record<string, string>
  label?: string
  /** A file of one form alone: nothing is to be chosen. */
  single?: boolean
  disabled?: boolean
}

/** Downloads a report as a file, and shows how far it is. */
export function MakeMenu({ company, path, query, label, single = false, disabled = false }: Props) {
  const { t } = useTranslation()
  const { progress, error, start, stop } = useMaking(company, (made) =>
    notifications.show({ message: t('reports.made', { name: made.name }), color: 'pine' }),
  )
  const begin = (more: Record<string, string>) => void start(`${path}?${new URLSearchParams({ ...query, ...more }).toString()}`)
  if (progress) {
    const known = typeof progress === 'object' && progress.total > 0 ? progress : null
    return (
      <Group gap="sm" wrap="nowrap" role="status" className="no-print" data-testid="making">
        {!known && <Loader size="xs" />}
        <Stack gap={2} miw={150}>
          <Text size="sm" className="figures">
            {typeof progress === 'string'
              ? t(`reports.${progress}`)
              : known
                ? t('reports.progress', { done: known.done, all: known.total })
                : t('reports.making')}
          </Text>
          {known && <Progress value={(100 * known.done) / known.total} size="sm" aria-label={t('reports.making')} />}
        </Stack>
        <Button variant="default" size="xs" onClick={stop}>
          {t('reports.stop')}
        </Button>
      </Group>
    )
  }
  const icon = <IconDownload size={20} />
  return (
    <Stack gap="xs" className="no-print">
      {single ? (
        <Button variant="light" leftSection={icon} disabled={disabled} onClick={() => begin({})}>
          {label ?? t('reports.download')}
        </Button>
      ) : (
        <Menu position="bottom-end" width={210}>
          <Menu.Target>
            <Button variant="light" leftSection={icon} rightSection={<IconChevronDown size={16} />} disabled={disabled}>
              {label ?? t('reports.download')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconFileSpreadsheet size={18} />} onClick={() => begin({ format: 'xlsx' })}>
              {t('reports.xlsx')}
            </Menu.Item>
            <Menu.Item leftSection={<IconFileTypeCsv size={18} />} onClick={() => begin({ format: 'csv' })}>
              {t('reports.csv')}
            </Menu.Item>
            <Menu.Item leftSection={<IconFileTypeCsv size={18} />} onClick={() => begin({ format: 'csv', bom: 'true' })}>
              {t('reports.csvBom')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {error !== null && <Failed error={error} />}
    </Stack>
  )
}
