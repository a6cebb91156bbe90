import { Alert, Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem, type Problem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import { kiosksKey } from './kiosks'

interface Props {
  opened: boolean
  onClose: () => void
  company: string
}

/** Makes the device that shows a code a kiosk. */
export function PairKiosk({ opened, onClose, company }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('kiosks.pair')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Fields onClose={onClose} company={company} />
    </Modal>
  )
}

function Fields({ onClose, company }: Omit<Props, 'opened'>) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { code: '', place: '' },
    validate: {
      code: (value) => (/^[^\s\-–]{8}$/.test(value.replace(/[\s\-–]/g, '')) ? null : t('kiosks.needCode')),
      place: (value) => (value.trim() ? null : t('kiosks.needPlace')),
    },
  })
  const pair = useMutation({
    mutationFn: ({ code, place }: typeof form.values) =>
      ok(
        api.POST('/api/v1/companies/{company}/kiosks/pair', {
          params: { path: { company } },
          body: { code: code.trim(), place: place.trim() },
        }),
      ),
    onSuccess: (kiosk) => {
      onClose()
      notifications.show({ message: t('kiosks.paired', { place: kiosk.place }), color: 'pine' })
      return queries.invalidateQueries({ queryKey: kiosksKey(company) })
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => pair.mutate(values))} noValidate>
      <Stack>
        <Text size="sm">{t('kiosks.pairLead', { address: `${location.origin}/kiosk` })}</Text>
        <TextInput
          label={t('kiosks.code')}
          placeholder="7KQ4-WXPM"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('code')}
        />
        <TextInput label={t('kiosks.place')} description={t('kiosks.placeHint')} {...form.getInputProps('place')} />
        {pair.error && (
          <Alert color="red" role="alert" data-testid="pair-problem">
            {refusal(asProblem(pair.error), t('kiosks.wrongCode'))}
          </Alert>
        )}
        <Button type="submit" loading={pair.isPending}>
          {t('kiosks.pairSubmit')}
        </Button>
      </Stack>
    </form>
  )
}

function refusal(problem: Problem, wrongCode: string): string {
  if (problem.code === 'not_found') return wrongCode
  // The server says how long to wait.
  if (problem.code === 'rate_limited' && problem.detail) return `${problem.detail}.`
  return problemText(problem)
}
