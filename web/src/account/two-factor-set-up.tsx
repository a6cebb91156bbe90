import { Alert, Box, Button, Center, Code, CopyButton, Group, Modal, PasswordInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { QRCodeSVG } from 'qrcode.react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Enrolment } from '../api/shapes'
import { problemText } from '../locale/problem-text'
import { useMe } from '../session/use-session'
import { twoFactorKey } from './account'

/** The way to a second factor: the password, the app's secret, its code, and the codes for a lost phone. */
export function TwoFactorSetUp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null)
  const [recovery, setRecovery] = useState<string[]>([])
  const done = recovery.length > 0
  const title = t(done ? 'twoFactor.recoveryTitle' : 'twoFactor.setUpTitle')
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      // The codes are shown this once: a click beside the box must not lose them.
      closeOnClickOutside={false}
      closeOnEscape={!done}
      withCloseButton={!done}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {!enrolment && <AskPassword onEnrolled={setEnrolment} />}
      {enrolment && !done && (
        <Scan
          enrolment={enrolment}
          onConfirmed={(codes) => {
            setRecovery(codes)
            void queries.invalidateQueries({ queryKey: twoFactorKey })
          }}
        />
      )}
      {done && <RecoveryCodes codes={recovery} onClose={onClose} />}
    </Modal>
  )
}

function AskPassword({ onEnrolled }: { onEnrolled: (enrolment: Enrolment) => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const begin = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/me/two-factor', { body: { password } })),
    onSuccess: onEnrolled,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (password) begin.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{t('twoFactor.askPassword')}</Text>
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={begin.error && problemText(begin.error)}
          data-autofocus
        />
        <Button type="submit" loading={begin.isPending} disabled={!password}>
          {t('twoFactor.next')}
        </Button>
      </Stack>
    </form>
  )
}

function Scan({ enrolment, onConfirmed }: { enrolment: Enrolment; onConfirmed: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/me/two-factor/confirm', { body: { code: code.replace(/\s/g, '') } })),
    onSuccess: (answer) => onConfirmed(answer.recovery_codes),
    onError: () => setCode(''),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (code.trim()) confirm.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{t('twoFactor.scan')}</Text>
        <Center>
          {/* Dark on white in the dark scheme, too: not every camera reads the reverse. */}
          <Box bg="white" style={{ overflow: 'hidden', borderRadius: 'var(--mantine-radius-md)', lineHeight: 0 }}>
            <QRCodeSVG value={enrolment.url} size={216} marginSize={4} title={t('twoFactor.qr')} />
          </Box>
        </Center>
        <div>
          <Text size="sm" c="dimmed">
            {t('twoFactor.byHand')}
          </Text>
          <Code data-testid="two-factor-secret" fz="sm" style={{ wordBreak: 'break-word' }}>
            {enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}
          </Code>
        </div>
        <TextInput
          label={t('twoFactor.code')}
          description={t('twoFactor.codeHint')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={confirm.error && problemText(confirm.error)}
        />
        <Button type="submit" loading={confirm.isPending} disabled={!code.trim()}>
          {t('twoFactor.confirm')}
        </Button>
      </Stack>
    </form>
  )
}

function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation()
  const { username } = useMe()
  const text = `Hajir, ${location.host}, ${username}\n${t('twoFactor.recoveryFile')}\n\n${codes.join('\n')}\n`
  return (
    <Stack>
      <Alert color="marigold">{t('twoFactor.recoveryHint')}</Alert>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {codes.map((code) => (
          <Code key={code} fz="sm" ta="center" data-testid="recovery-code">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {t(copied ? 'twoFactor.copied' : 'twoFactor.copy')}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          component="a"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="hajir-recovery-codes.txt"
          leftSection={<IconDownload size={18} />}
        >
          {t('twoFactor.download')}
        </Button>
      </Group>
      <Button
        onClick={() => {
          notifications.show({ message: t('twoFactor.isOn'), color: 'pine' })
          onClose()
        }}
      >
        {t('twoFactor.kept')}
      </Button>
    </Stack>
  )
}
