import { Alert, Button, Group, Modal, NumberInput, Paper, Select, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { randomId } from '../api/random-id'
import type { Employee, Leave } from '../api/shapes'
import { DateField } from '../clock/date-field'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { BalanceCards } from './balance-cards'
import { leaveKey, useLeave, useLeaveOf } from './leave'
import classes from './leave.module.css'
import { RequestForm } from './request-form'
import { RequestRow } from './request-row'

/** One person's leave, for who runs the company or leads them. */
export function PersonLeave({ company, employee }: { company: string; employee: Employee }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const answer = useLeave(company, employee.username)
  const requests = useLeaveOf(company, employee.username).data?.pages.flatMap((page) => page.requests) ?? []
  const [entering, enter] = useDisclosure()
  const [adjusting, adjust] = useDisclosure()
  const [dating, date] = useDisclosure()
  const leave = answer.data
  return (
    <Stack gap="md" component="section" aria-label={t('leave.person.title')} data-testid="person-leave">
      <Group justify="space-between">
        <Title order={2}>{t('leave.person.title')}</Title>
        {role === 'admin' && leave && leave.balances.length > 0 && (
          <Group gap="xs">
            {leave.may_request && employee.active && (
              <Button variant="default" size="xs" onClick={enter.open}>
                {t('leave.enter')}
              </Button>
            )}
            <Button variant="default" size="xs" onClick={adjust.open}>
              {t('leave.person.adjust')}
            </Button>
            <Button variant="default" size="xs" onClick={date.open}>
              {t('leave.person.dates')}
            </Button>
          </Group>
        )}
      </Group>
      {answer.isPending && <Rows count={2} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {leave?.balances.length === 0 && <Text c="dimmed">{t('leave.person.none')}</Text>}
      {leave && leave.balances.length > 0 && (
        <>
          <BalanceCards company={company} username={employee.username} leave={leave} />
          {requests.length > 0 && (
            <Paper px="md" py={4}>
              <ul className={classes.list}>
                {requests.map((request) => (
                  <RequestRow key={request.id} request={request} />
                ))}
              </ul>
            </Paper>
          )}
          <RequestForm
            company={company}
            username={employee.username}
            name={employee.name}
            leave={leave}
            opened={entering}
            onClose={enter.close}
          />
          <Modal
            opened={adjusting}
            onClose={adjust.close}
            title={t('leave.person.adjustTitle', { name: employee.name })}
            closeButtonProps={{ 'aria-label': t('app.close') }}
          >
            <Adjust company={company} username={employee.username} leave={leave} onDone={adjust.close} />
          </Modal>
          <Modal
            opened={dating}
            onClose={date.close}
            title={t('leave.person.dates')}
            closeButtonProps={{ 'aria-label': t('app.close') }}
          >
            <Dates company={company} username={employee.username} leave={leave} onDone={date.close} />
          </Modal>
        </>
      )}
    </Stack>
  )
}

type Editing = { company: string; username: string; leave: Leave; onDone: () => void }

function Adjust({ company, username, leave, onDone }: Editing) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const kinds = leave.balances.filter((one) => !one.unlimited)
  const [kind, setKind] = useState(kinds[0]?.type_id ?? '')
  const [amount, setAmount] = useState<number | string>('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  // A second click, or a second try, is the same adjustment.
  const [key] = useState(randomId)
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/employees/{username}/leave/adjustments', {
          params: { path: { company, username }, header: { 'Idempotency-Key': key } },
          body: { type_id: kind, days: Number(amount), reason: reason.trim() },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: t('leave.person.adjusted'), color: 'pine' })
      onDone()
      return queries.invalidateQueries({ queryKey: leaveKey(company) })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (Number(amount) !== 0 && reason.trim()) save.mutate()
      }}
    >
      <Stack>
        <Select
          label={t('leave.kind')}
          allowDeselect={false}
          data={kinds.map((one) => ({ value: one.type_id, label: one.type }))}
          value={kind}
          onChange={(value) => value && setKind(value)}
        />
        <NumberInput
          label={t('leave.person.adjustDays')}
          description={t('leave.person.adjustDaysHint')}
          min={-366}
          max={366}
          decimalScale={2}
          value={amount}
          onChange={setAmount}
          error={tried && Number(amount) === 0}
          data-autofocus
        />
        <Textarea
          size="md"
          label={t('leave.person.adjustReason')}
          value={reason}
          maxLength={300}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && !reason.trim() ? t('leave.needReason') : null}
        />
        {save.error && (
          <Alert color="red" role="alert">
            {problemText(save.error)}
          </Alert>
        )}
        <Button type="submit" loading={save.isPending}>
          {t('leave.person.adjust')}
        </Button>
      </Stack>
    </form>
  )
}

function Dates({ company, username, leave, onDone }: Editing) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [since, setSince] = useState<string | null>(leave.since_set ? leave.since : null)
  const [until, setUntil] = useState<string | null>(leave.until ?? null)
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/employees/{username}/leave/dates', {
          params: { path: { company, username } },
          body: { ...(since && { since }), ...(until && { until }) },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: t('leave.person.saved'), color: 'pine' })
      onDone()
      return queries.invalidateQueries({ queryKey: leaveKey(company) })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack>
        <DateField label={t('leave.person.since')} description={t('leave.person.sinceHint')} value={since} onChange={setSince} clearable />
        <DateField label={t('leave.person.until')} description={t('leave.person.untilHint')} value={until} onChange={setUntil} clearable />
        {save.error && (
          <Alert color="red" role="alert">
            {problemText(save.error)}
          </Alert>
        )}
        <Button type="submit" loading={save.isPending}>
          {t('app.save')}
        </Button>
      </Stack>
    </form>
  )
}
