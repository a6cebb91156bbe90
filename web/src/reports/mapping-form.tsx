import { ActionIcon, Button, Group, Modal, Paper, Select, SimpleGrid, Stack, Switch, Table, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { PayrollFields, PayrollMapping } from '../api/shapes'
import { Failed } from '../shell/states'
import { usePreview, useSaveMapping, usual } from './payroll'
import type { Period } from './period'

interface Props {
  opened: boolean
  onClose: () => void
  onSaved: (id: string) => void
  company: string
  mapping?: PayrollMapping | undefined
  /** What a column may hold. */
  fields: readonly string[]
  period: Period
  department: string
}

export function MappingForm({ opened, onClose, mapping, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={mapping ? t('payroll.editTitle', { name: mapping.name }) : t('payroll.addTitle')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Fields onClose={onClose} mapping={mapping} {...rest} />
    </Modal>
  )
}

function Fields({ onClose, onSaved, company, mapping, fields, period, department }: Omit<Props, 'opened'>) {
  const { t, i18n } = useTranslation()
  const initial: PayrollFields = mapping
    ? { name: mapping.name, columns: mapping.columns, delimiter: mapping.delimiter, decimal: mapping.decimal, date_form: mapping.date_form, bom: mapping.bom }
    : usual
  const form = useForm({ initialValues: initial, validate: { name: (value) => (value.trim() ? null : t('payroll.needName')) } })
  const { columns } = form.values
  const save = useSaveMapping(company, mapping, (saved) => {
    notifications.show({ message: t('app.saved'), color: 'pine' })
    onSaved(saved.id)
    onClose()
  })
  const fieldName = (field: string) => {
    const key = `payroll.fields.${field}`
    return i18n.exists(key) ? t(key as 'payroll.fields.code') : field
  }
  const setColumns = (next: PayrollFields['columns']) => form.setFieldValue('columns', next)
  const change = (index: number, part: Partial<PayrollFields['columns'][number]>) =>
    setColumns(
      columns.map((column, i) => {
        if (i !== index) return column
        const { constant, ...rest } = { ...column, ...part }
        // Only a constant has a value of its own.
        return rest.field === 'constant' ? { ...rest, constant: constant ?? '' } : rest
      }),
    )
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <TextInput label={t('payroll.name')} data-autofocus {...form.getInputProps('name')} />
        <Stack gap={6} role="group" aria-label={t('payroll.columns')}>
          <Text fw={560}>{t('payroll.columns')}</Text>
          {columns.map((column, i) => (
            <Group key={i} gap={6} wrap="nowrap" align="flex-start" data-testid={`column-${i + 1}`}>
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} style={{ flex: 1 }}>
                <TextInput
                  size="sm"
                  aria-label={t('payroll.header', { number: i + 1 })}
                  value={column.header}
                  maxLength={100}
                  onChange={(event) => change(i, { header: event.currentTarget.value })}
                />
                <Group gap={6} wrap="nowrap">
                  <Select
                    size="sm"
                    style={{ flex: 1 }}
                    aria-label={t('payroll.field', { number: i + 1 })}
                    data={fields.map((value) => ({ value, label: fieldName(value) }))}
                    value={column.field}
                    onChange={(value) => value && change(i, { field: value })}
                    allowDeselect={false}
                    searchable
                  />
                  {column.field === 'constant' && (
                    <TextInput
                      size="sm"
                      w={110}
                      aria-label={t('payroll.constant', { number: i + 1 })}
                      placeholder={t('payroll.constantShort')}
                      value={column.constant ?? ''}
                      maxLength={200}
                      onChange={(event) => change(i, { constant: event.currentTarget.value })}
                    />
                  )}
                </Group>
              </SimpleGrid>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                disabled={i === 0}
                aria-label={t('payroll.up', { number: i + 1 })}
                onClick={() => setColumns([...columns.slice(0, i - 1), column, ...columns.slice(i - 1, i), ...columns.slice(i + 1)])}
              >
                <IconArrowUp size={18} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                disabled={columns.length === 1}
                aria-label={t('payroll.drop', { number: i + 1 })}
                onClick={() => setColumns(columns.filter((_, other) => other !== i))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </Group>
          ))}
          <Group>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={16} />}
              disabled={columns.length >= 100}
              onClick={() => setColumns([...columns, { header: fieldName('days_present'), field: 'days_present' }])}
            >
              {t('payroll.addColumn')}
            </Button>
          </Group>
        </Stack>
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <Select
            label={t('payroll.delimiter')}
            data={(['comma', 'semicolon', 'tab', 'bar'] as const).map((value) => ({ value, label: t(`payroll.delimiters.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('delimiter')}
          />
          <Select
            label={t('payroll.decimal')}
            data={(['dot', 'comma'] as const).map((value) => ({ value, label: t(`payroll.decimals.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('decimal')}
          />
          <Select
            label={t('payroll.dateForm')}
            data={[
              { value: 'iso', label: '2026-03-31' },
              { value: 'compact', label: '20260331' },
              { value: 'dmy', label: '31/03/2026' },
              { value: 'dmy_dots', label: '31.03.2026' },
              { value: 'mdy', label: '03/31/2026' },
              { value: 'bs', label: '2082-12-17 (BS)' },
            ]}
            allowDeselect={false}
            {...form.getInputProps('date_form')}
          />
        </SimpleGrid>
        <Switch label={t('payroll.bom')} description={t('payroll.bomHint')} {...form.getInputProps('bom', { type: 'checkbox' })} />
        <Preview company={company} values={form.values} period={period} department={department} />
        {save.error && <Failed error={save.error} />}
        <Button type="submit" loading={save.isPending}>
          {t('app.save')}
        </Button>
      </Stack>
    </form>
  )
}

interface PreviewProps {
  company: string
  values: PayrollFields
  period: Period
  department: string
}

/** What the first rows of the file are. */
export function Preview({ company, values, period, department }: PreviewProps) {
  const { t } = useTranslation()
  const [body] = useDebouncedValue(values, 400)
  // A name is not needed to look.
  const named = { ...body, name: body.name.trim() || t('payroll.preview') }
  const answer = usePreview(company, named, period, department, body.columns.every(({ header }) => header.trim() !== ''))
  return (
    <Stack gap={4} data-testid="payroll-preview">
      <Text fw={560}>{t('payroll.preview')}</Text>
      <Text size="xs" c="dimmed">
        {t('payroll.previewHint')}
      </Text>
      {answer.error && <Failed error={answer.error} />}
      {answer.data && !answer.error && (
        <Paper style={{ overflow: 'hidden' }}>
          <Table.ScrollContainer minWidth={Math.min(2400, 110 * answer.data.header.length)} maxHeight={280}>
            <Table fz="xs" className="figures" stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  {answer.data.header.map((header, i) => (
                    <Table.Th key={i}>{header}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {answer.data.rows.map((row, r) => (
                  <Table.Tr key={r}>
                    {row.map((cell, i) => (
                      <Table.Td key={i}>{cell}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {answer.data.rows.length === 0 && (
            <Text size="sm" c="dimmed" p="sm">
              {t('payroll.previewEmpty')}
            </Text>
          )}
        </Paper>
      )}
    </Stack>
  )
}
