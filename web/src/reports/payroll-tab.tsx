import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFileSettings, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Confirm } from '../shell/confirm'
import { Empty, Failed, Rows } from '../shell/states'
import { MakeMenu } from './make-menu'
import { MappingForm, Preview } from './mapping-form'
import { useDeleteMapping, useMappings } from './payroll'
import type { Period } from './period'
import { periodQuery } from './reports'

interface Props {
  company: string
  period: Period
  department: string
  mayEdit: boolean
}

export function PayrollTab({ company, period, department, mayEdit }: Props) {
  const { t } = useTranslation()
  const answer = useMappings(company)
  const [chosen, setChosen] = useState('')
  const [editing, setEditing] = useState<'' | 'new' | 'chosen' | 'delete'>('')
  const close = () => setEditing('')
  const remove = useDeleteMapping(company, () => {
    close()
    notifications.show({ message: t('payroll.removed'), color: 'pine' })
  })
  const mappings = answer.data?.mappings ?? []
  const mapping = mappings.find(({ id }) => id === chosen) ?? mappings[0]
  const add = mayEdit && (
    <Button variant={mapping ? 'default' : 'filled'} leftSection={<IconPlus size={18} />} onClick={() => setEditing('new')}>
      {t('payroll.add')}
    </Button>
  )
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('payroll.lead')}
      </Text>
      {answer.isPending && <Rows count={4} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && !mapping && (
        <Empty icon={IconFileSettings} title={t('payroll.empty')} hint={t(mayEdit ? 'payroll.emptyHint' : 'payroll.emptyAuditor')}>
          {add}
        </Empty>
      )}
      {mapping && (
        <Paper p={{ base: 'md', sm: 'lg' }}>
          <Stack>
            <Group justify="space-between" align="flex-end">
              <Select
                label={t('payroll.mapping')}
                data={mappings.map(({ id, name }) => ({ value: id, label: name }))}
                value={mapping.id}
                onChange={(value) => value && setChosen(value)}
                allowDeselect={false}
                w={260}
              />
              <MakeMenu
                key={mapping.id}
                company={company}
                path={`/api/v1/companies/${encodeURIComponent(company)}/payroll-mappings/${encodeURIComponent(mapping.id)}/export`}
                query={{ ...periodQuery(period), ...(department.trim() && { department: department.trim() }) }}
                label={t('payroll.export')}
                single
              />
            </Group>
            {mayEdit && (
              <Group gap="xs">
                <Button size="xs" variant="default" leftSection={<IconPencil size={16} />} onClick={() => setEditing('chosen')}>
                  {t('payroll.edit')}
                </Button>
                <Button size="xs" variant="default" leftSection={<IconTrash size={16} />} onClick={() => setEditing('delete')}>
                  {t('payroll.remove')}
                </Button>
              </Group>
            )}
            {mayEdit && <Preview company={company} values={mapping} period={period} department={department} />}
            <Text size="xs" c="dimmed">
              {t('payroll.note')}
            </Text>
          </Stack>
        </Paper>
      )}
      {mapping && <Group>{add}</Group>}
      {answer.data && (
        <MappingForm
          opened={editing === 'new' || editing === 'chosen'}
          onClose={close}
          onSaved={setChosen}
          company={company}
          mapping={editing === 'chosen' ? mapping : undefined}
          fields={answer.data.fields}
          period={period}
          department={department}
        />
      )}
      {mapping && (
        <Confirm
          opened={editing === 'delete'}
          title={t('payroll.removeTitle', { name: mapping.name })}
          text={t('payroll.removeHint')}
          yes={t('payroll.remove')}
          pending={remove.isPending}
          error={remove.error}
          onYes={() => remove.mutate(mapping)}
          onClose={close}
        />
      )}
    </Stack>
  )
}
