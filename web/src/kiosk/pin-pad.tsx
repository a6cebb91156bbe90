// The way in without a face: who, and their PIN, by touch or keyboard.
import { Alert, Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconBackspace } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Problem } from '../api/problem'
import { problemText } from '../locale/problem-text'
import type { Pad } from './machine'
import classes from './pin-pad.module.css'
import { digitsOnly, MAX_PIN, validPin } from './pin'

interface Props {
  pad: Pad | null
  onTouch: () => void
  onClose: () => void
  onPunch: (who: string, pin: string) => void
}

export function PinPad({ pad, onClose, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={pad !== null}
      onClose={onClose}
      title={t(pad?.ticket && !pad.moving ? 'kiosk.confirmTitle' : 'kiosk.pinTitle')}
      size={400}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {/* Mounted anew each time: nobody finds what somebody else typed. */}
      {pad && <Fields pad={pad} {...rest} />}
    </Modal>
  )
}

function Fields({ pad, onTouch, onPunch }: Omit<Props, 'pad' | 'onClose'> & { pad: Pad }) {
  const { t } = useTranslation()
  const [who, setWho] = useState('')
  const [pin, setPin] = useState('')
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const type = (next: string) => {
    setPin(digitsOnly(next))
    onTouch()
  }
  const submit = () => {
    setTried(true)
    onTouch()
    if (!who.trim() || !validPin(pin) || pad.sending) return
    setTried(false)
    setPin('')
    onPunch(who.trim(), pin)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      noValidate
      autoComplete="off"
      data-testid="pin-pad"
    >
      <Stack gap="sm">
        {pad.ticket && !pad.moving && (
          <Text size="sm" data-testid="pin-confirms">
            {t('kiosk.confirmLead')}
          </Text>
        )}
        <TextInput
          label={t('kiosk.who')}
          value={who}
          onChange={(event) => {
            setWho(event.currentTarget.value)
            onTouch()
          }}
          onKeyDown={(event) => {
            // Enter leads on to the PIN as long as there is none.
            if (event.key !== 'Enter' || pin) return
            event.preventDefault()
            field.current?.focus()
          }}
          error={tried && !who.trim() ? t('kiosk.needWho') : null}
          maxLength={64}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          data-autofocus
        />
        <TextInput
          ref={field}
          label={t('kiosk.pin')}
          value={pin}
          onChange={(event) => type(event.currentTarget.value)}
          error={tried && !validPin(pin) ? t('kiosk.needPin') : null}
          type="password"
          // The keys are below; no keyboard of the device's need cover them.
          inputMode="none"
          autoComplete="off"
          maxLength={MAX_PIN}
          classNames={{ input: classes.pin }}
        />
        {pad.refused && (
          <Alert color="red" role="alert" data-testid="pin-refused" data-code={pad.refused.code}>
            {refusal(pad.refused)}
          </Alert>
        )}
        <div className={classes.keys}>
          {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
            <Key key={digit} digit={digit} onPress={() => type(pin + digit)} />
          ))}
          <button
            type="button"
            className={classes.key}
            aria-label={t('kiosk.back')}
            onClick={() => type(pin.slice(0, -1))}
            disabled={!pin}
          >
            <IconBackspace size={26} aria-hidden />
          </button>
          <Key digit="0" onPress={() => type(pin + '0')} />
          <span className={classes.gap} />
        </div>
        <Button type="submit" size="lg" loading={pad.sending}>
          {t('kiosk.enter')}
        </Button>
      </Stack>
    </form>
  )
}

function Key({ digit, onPress }: { digit: string; onPress: () => void }) {
  return (
    <button type="button" className={classes.key} onClick={onPress}>
      {digit}
    </button>
  )
}

// The server says how long to wait, and why this kiosk may not be used here.
function refusal({ code, detail }: { code: string; detail: string }): string {
  if (detail && (code === 'rate_limited' || code === 'kiosk_place')) return `${detail.replace(/[.]$/, '')}.`
  return problemText(new Problem(code, detail))
}
