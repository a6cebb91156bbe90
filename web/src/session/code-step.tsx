import { Anchor, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** The second step of signing in: the app's code, or a recovery code. */
export function CodeStep(props: { value: string; error?: string; onChange: (code: string) => void; onBack: () => void }) {
  const { t } = useTranslation()
  const [recovery, setRecovery] = useState(false)
  return (
    <>
      <TextInput
        // Anew for the other kind, so that a phone shows the other keyboard.
        key={String(recovery)}
        label={t(recovery ? 'twoFactor.recoveryCode' : 'twoFactor.code')}
        description={t(recovery ? 'twoFactor.recoveryCodeHint' : 'twoFactor.codeHint')}
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={props.value}
        error={props.error}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      <Group justify="space-between">
        <Anchor component="button" type="button" size="sm" onClick={() => setRecovery(!recovery)}>
          {t(recovery ? 'twoFactor.useApp' : 'twoFactor.useRecovery')}
        </Anchor>
        <Anchor component="button" type="button" size="sm" c="dimmed" onClick={props.onBack}>
          {t('twoFactor.otherAccount')}
        </Anchor>
      </Group>
    </>
  )
}
