import { Alert, Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { LeaveType } from '../api/shapes'
import { fieldErrors, problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { leaveKey } from './leave'

type Props = { type: LeaveType | 'new' | null; onClose: () => void }

export function TypeForm({ type, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={type !== null}
      onClose={onClose}
      size="lg"
      title={type === 'new' || !type ? t('leave.types.addTitle') : type.name}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {type && <Form type={type} onClose={onClose} />}
    </Modal>
  )
}

const fresh = {
  name: '',
  paid: true,
  unlimited: false,
  allowance: 12,
  accrual: 'yearly' as LeaveType['accrual'],
  prorate: true,
  carry_max: 0,
  carry_months: 0,
  negative: 0,
  half_days: true,
  notice_days: 0,
  late_days: 0,
  max_days: 0,
  departments: [] as string[],
  second_level: false,
}

function Form({ type, onClose }: { type: LeaveType | 'new'; onClose: () => void }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const known = type === 'new' ? null : type
  const form = useForm({
    initialValues: { ...(known ?? fresh), departments: (known?.departments ?? []).join(', ') },
    validate: { name: (value) => (value.trim() ? null : t('leave.types.needName')) },
  })
  const { unlimited, accrual } = form.values
  const save = useMutation({
    mutationFn: ({ retired }: { retired: boolean }) => {
      const v = form.values
      const counted = !v.unlimited
      const body = {
        name: v.name.trim(),
        paid: v.paid,
        unlimited: v.unlimited,
        allowance: counted && v.accrual !== 'none' ? v.allowance : 0,
        accrual: counted ? v.accrual : ('none' as const),
        prorate: v.prorate,
        carry_max: counted ? v.carry_max : 0,
        carry_months: counted && v.carry_max > 0 ? v.carry_months : 0,
        negative: counted ? v.negative : 0,
        half_days: v.half_days,
        notice_days: v.notice_days,
        late_days: v.late_days,
        max_days: v.max_days,
        departments: v.departments.split(',').flatMap((one) => one.trim() || []),
        second_level: v.second_level,
      }
      return known
        ? ok(
            api.PUT('/api/v1/companies/{company}/leave/types/{type_id}', {
              params: { path: { company, type_id: known.id } },
              body: { ...body, retired, version: known.version },
            }),
          )
        : ok(api.POST('/api/v1/companies/{company}/leave/types', { params: { path: { company } }, body }))
    },
    onSuccess: () => {
      notifications.show({ message: t('leave.types.saved'), color: 'pine' })
      onClose()
      return queries.invalidateQueries({ queryKey: leaveKey(company) })
    },
    onError: (error) => form.setErrors(fieldErrors(asProblem(error), Object.keys(fresh))),
  })
  const days = { min: 0, max: 366, clampBehavior: 'strict' as const }
  return (
    <form onSubmit={form.onSubmit(() => save.mutate({ retired: known?.retired ?? false }))}>
      <Stack>
        <TextInput label={t('leave.types.name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
        <Group gap="xl">
          <Switch label={t('leave.types.paid')} {...form.getInputProps('paid', { type: 'checkbox' })} />
          <Switch
            label={t('leave.types.unlimited')}
            description={t('leave.types.unlimitedHint')}
            {...form.getInputProps('unlimited', { type: 'checkbox' })}
          />
        </Group>
        {!unlimited && (
          <>
            {accrual !== 'none' && (
              <NumberInput label={t('leave.types.allowance')} decimalScale={2} {...days} {...form.getInputProps('allowance')} />
            )}
            <Select
              label={t('leave.types.accrual')}
              allowDeselect={false}
              data={(['yearly', 'monthly', 'none'] as const).map((value) => ({ value, label: t(`leave.types.accruals.${value}`) }))}
              {...form.getInputProps('accrual')}
            />
            {accrual !== 'none' && (
              <>
                <Switch label={t('leave.types.prorate')} {...form.getInputProps('prorate', { type: 'checkbox' })} />
                {known && (
                  <Text size="sm" c="dimmed">
                    {t('leave.types.allowanceStays')}
                  </Text>
                )}
              </>
            )}
            <SimpleGrid cols={{ base: 1, xs: 3 }} verticalSpacing="sm">
              <NumberInput label={t('leave.types.carryMax')} decimalScale={2} {...days} {...form.getInputProps('carry_max')} />
              <NumberInput
                label={t('leave.types.carryMonths')}
                min={0}
                max={12}
                clampBehavior="strict"
                allowDecimal={false}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                description={t('leave.types.carryMonthsHint')}
                disabled={!form.values.carry_max}
                {...form.getInputProps('carry_months')}
              />
              <NumberInput label={t('leave.types.negative')} decimalScale={2} {...days} {...form.getInputProps('negative')} />
            </SimpleGrid>
          </>
        )}
        <Group gap="xl">
          <Switch label={t('leave.types.halfDays')} {...form.getInputProps('half_days', { type: 'checkbox' })} />
          <Switch label={t('leave.types.second')} {...form.getInputProps('second_level', { type: 'checkbox' })} />
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 3 }} verticalSpacing="sm">
          <NumberInput label={t('leave.types.notice')} allowDecimal={false} {...days} {...form.getInputProps('notice_days')} />
          <NumberInput
            label={t('leave.types.late')}
            allowDecimal={false}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={t('leave.types.lateHint')}
            {...days}
            {...form.getInputProps('late_days')}
          />
          <NumberInput
            label={t('leave.types.max')}
            decimalScale={1}
            step={0.5}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={t('leave.types.maxHint')}
            {...days}
            {...form.getInputProps('max_days')}
          />
        </SimpleGrid>
        <TextInput
          label={t('leave.types.departments')}
          description={t('leave.types.departmentsHint')}
          {...form.getInputProps('departments')}
        />
        {save.error && (
          <Alert color="red" role="alert">
            {problemText(save.error)}
          </Alert>
        )}
        <Group justify="space-between">
          {known ? (
            <Button variant="default" loading={save.isPending} onClick={() => save.mutate({ retired: !known.retired })}>
              {t(known.retired ? 'leave.types.restore' : 'leave.types.retire')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={save.isPending}>
            {t('app.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
