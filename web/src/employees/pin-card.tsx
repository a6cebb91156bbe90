import { Button, Group, Modal, Paper, PasswordInput, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import type { Employee } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { digitsOnly, MAX_PIN, validPin } from '../kiosk/pin'
import { problemText } from '../locale/problem-text'
import { Confirm } from '../shell/confirm'
import { Failed } from '../shell/states'

interface Props {
  company: string
  employee: Employee
  zone: string
}

const pinKey = (company: string, username: string) => ['pin', company, username]

/** Whether somebody has a PIN; the PIN itself is shown to nobody. */
export function PinCard({ company, employee, zone }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [setting, set] = useDisclosure()
  const [asking, ask] = useDisclosure()
  const params = { path: { company, username: employee.username } }
  const key = pinKey(company, employee.username)
  const answer = useQuery({
    queryKey: key,
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/employees/{username}/pin', { params })),
  })
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/employees/{username}/pin', { params })),
    onSuccess: () => {
      ask.close()
      notifications.show({ message: t('pin.removed'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: key })
    },
  })
  const state = answer.data
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="pin-card">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t('pin.title')}</Title>
          {state && (
            <Group gap="xs">
              <Button variant="light" onClick={set.open}>
                {t(state.set ? 'pin.change' : 'pin.set')}
              </Button>
              {state.set && (
                <Button variant="default" onClick={ask.open}>
                  {t('pin.remove')}
                </Button>
              )}
            </Group>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {t('pin.lead')}
        </Text>
        {answer.isPending && <Skeleton height={22} width="50%" />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {state && (
          <Text data-testid="pin-state" data-set={state.set}>
            {state.set ? t('pin.since', { when: dateAndTime(state.set_at ?? '', zone) }) : t('pin.none')}
          </Text>
        )}
      </Stack>
      <Modal
        opened={setting}
        onClose={set.close}
        title={t(state?.set ? 'pin.change' : 'pin.set')}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <SetPin company={company} employee={employee} onDone={set.close} />
      </Modal>
      <Confirm
        opened={asking}
        title={t('pin.removeTitle')}
        text={t('pin.removeHint', { name: employee.name })}
        yes={t('pin.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={ask.close}
      />
    </Paper>
  )
}

function SetPin({ company, employee, onDone }: Omit<Props, 'zone'> & { onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [pin, setPin] = useState('')
  const [tried, setTried] = useState(false)
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT('/api/v1/companies/{company}/employees/{username}/pin', {
          params: { path: { company, username: employee.username } },
          body: { pin },
        }),
      ),
    onSuccess: (state) => {
      queries.setQueryData(pinKey(company, employee.username), state)
      onDone()
      notifications.show({ message: t('pin.saved', { name: employee.name }), color: 'pine' })
    },
  })
  const weak = save.error && asProblem(save.error).code === 'pin_weak'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (validPin(pin)) save.mutate()
      }}
      noValidate
    >
      <Stack>
        <PasswordInput
          label={t('pin.field')}
          description={t('pin.fieldHint')}
          inputMode="numeric"
          autoComplete="off"
          maxLength={MAX_PIN}
          value={pin}
          onChange={(event) => {
            setPin(digitsOnly(event.currentTarget.value))
            save.reset()
          }}
          error={weak ? problemText(save.error) : tried && !validPin(pin) ? t('kiosk.needPin') : null}
          data-autofocus
        />
        {save.error && !weak && <Failed error={save.error} />}
        <Button type="submit" loading={save.isPending}>
          {t('app.save')}
        </Button>
      </Stack>
    </form>
  )
}
