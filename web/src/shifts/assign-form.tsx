import { Autocomplete, Button, Modal, SegmentedControl, Select, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Assignment, Pattern } from '../api/shapes'
import { localDate } from '../clock/clock'
import { DateField } from '../clock/date-field'
import { useMe } from '../session/use-session'
import { Failed } from '../shell/states'
import { sundayOf } from './plan'
import { patternsKey, rosterKey } from './shifts'

interface Props {
  opened: boolean
  onClose: () => void
  company: string
  patterns: Pattern[]
}

export function AssignForm({ opened, onClose, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('weeks.assignTitle')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Fields onClose={onClose} {...rest} />
    </Modal>
  )
}

// More people than this are found by their department or on their own page.
const MOST = 500

function Fields({ onClose, company, patterns }: Omit<Props, 'opened'>) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const queries = useQueryClient()
  const people = useQuery({
    queryKey: ['employees', company, 'choices'],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: { path: { company }, query: { limit: MOST, active: 'true' } },
        }),
      ),
  })
  const employees = people.data?.employees ?? []
  const departments = [...new Set(employees.map((one) => one.department).filter(Boolean))].sort()
  const form = useForm({
    initialValues: {
      scope: 'company' as Assignment['scope'],
      subject: '',
      pattern_id: patterns[0]?.id ?? '',
      from: sundayOf(localDate(new Date(), zone)),
    },
    validate: {
      subject: (value, values) => (values.scope === 'company' || value.trim() ? null : t('weeks.needSubject')),
    },
  })
  const { scope } = form.values
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(
        api.PUT('/api/v1/companies/{company}/assignments', {
          params: { path: { company } },
          body: {
            scope: values.scope,
            from: values.from,
            ...(values.scope !== 'company' && { subject: values.subject }),
            ...(values.pattern_id !== '-' && { pattern_id: values.pattern_id }),
          },
        }),
      ),
    onSuccess: () => {
      onClose()
      notifications.show({ message: t('app.saved'), color: 'pine' })
      void queries.invalidateQueries({ queryKey: rosterKey(company) })
      void queries.invalidateQueries({ queryKey: ['days'] })
      return queries.invalidateQueries({ queryKey: patternsKey(company) })
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={t('weeks.scope')}
          data={(['company', 'department', 'person'] as const).map((value) => ({ value, label: t(`weeks.scopes.${value}`) }))}
          value={scope}
          onChange={(value) => form.setValues({ scope: value, subject: '' })}
        />
        {scope === 'department' && (
          <Autocomplete size="md" label={t('weeks.department')} data={departments} {...form.getInputProps('subject')} />
        )}
        {scope === 'person' && (
          <Select
            label={t('weeks.person')}
            searchable
            data={employees.map(({ username, name }) => ({ value: username, label: `${name} (${username})` }))}
            {...form.getInputProps('subject')}
            value={form.values.subject || null}
          />
        )}
        <Select
          label={t('weeks.pattern')}
          allowDeselect={false}
          data={[
            ...patterns.map(({ id, name }) => ({ value: id, label: name })),
            { value: '-', label: t('weeks.noPattern') },
          ]}
          {...form.getInputProps('pattern_id')}
        />
        <DateField
          label={t('weeks.from')}
          value={form.values.from}
          onChange={(value) => value && form.setFieldValue('from', value)}
        />
        {save.error && <Failed error={save.error} />}
        <Button type="submit" loading={save.isPending}>
          {t('weeks.assign')}
        </Button>
      </Stack>
    </form>
  )
}
