import { ActionIcon, Button } from '@mantine/core'
import { useFullscreenDocument } from '@mantine/hooks'
import { IconArrowsMaximize, IconArrowsMinimize, IconCamera, IconCheck, IconPassword, IconVolume, IconVolumeOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import type { Me } from '../api/shapes'
import { useNow } from '../clock/use-now'
import { CameraProblem } from '../camera/camera-problem'
import { useCamera } from '../camera/use-camera'
import { clockTime, localDate, longDate } from '../clock/clock'
import { useDateStyle } from '../clock/date-style'
import { Logo } from '../shell/logo'
import { SchemeToggle } from '../shell/scheme-toggle'
import { useIdle } from './app-update'
import { ChallengeSign, ChallengeWords } from './challenge'
import { FaceBoxes } from './face-boxes'
import { KioskEnded } from './kiosk-ended'
import classes from './kiosk-screen.module.css'
import { offersPin, type State } from './machine'
import { useDetector } from './use-detector'
import { useKeeper } from './use-keeper'
import { useKiosk } from './use-kiosk'
import { useSound, type Sound } from './sound'
import { KeptCard, WaitingCard } from './waiting'
import { useWakeLock } from './wake-lock'
import { noticeText, particulars, salute } from './wording'

// Fetched once the kiosk is at work, so that it is there when the network is not.
const PinPad = lazy(() => import('./pin-pad').then((pad) => ({ default: pad.PinPad })))

export function KioskScreen({ me, online }: { me: Me; online: boolean }) {
  const { t } = useTranslation()
  const { video, state: camera } = useCamera()
  const { keeper, status } = useKeeper(me, online)
  const detector = useDetector(camera === 'ready')
  const { state, dispatch, punchByPin, keepNow } = useKiosk({ company: me.company, video, camera, keeper, online, detector })
  const sound = useSound(state)
  useWakeLock()
  useIdle(state.greeting === null && state.keeping === null && state.pad === null && state.challenge === null)
  if (state.ended !== 'no') return <KioskEnded why={state.ended} />
  return (
    <main className={classes.screen} data-tone={tone(state)}>
      <div className={classes.preview}>
        <video ref={video} className={classes.video} muted playsInline aria-label={t('camera.preview')} />
        <FaceBoxes boxes={state.boxes} video={video} />
        {state.challenge && <ChallengeSign challenge={state.challenge} />}
        {camera !== 'ready' && (
          <div className={classes.cameraProblem} role="alert" data-testid="kiosk-camera">
            <CameraProblem state={camera} />
          </div>
        )}
      </div>
      <div className={classes.panel}>
        <header className={classes.header}>
          <div className={classes.names}>
            <h1 className={classes.company}>{me.company_name}</h1>
            {me.role === 'kiosk' && (
              <div className={classes.place} data-testid="kiosk-place">
                {me.name}
              </div>
            )}
          </div>
          <div className={classes.buttons}>
            <SoundButton sound={sound} />
            <SchemeToggle />
            <FullscreenButton />
          </div>
        </header>
        <Clock zone={me.time_zone} />
        <Message state={state} zone={me.time_zone} />
        <WaitingCard status={status} zone={me.time_zone} onDismiss={() => void keeper?.dismiss()} />
        {keeper && state.away && state.camera === 'ready' && !state.keeping && (
          <Button
            className={classes.usePin}
            size="lg"
            leftSection={<IconCamera size={24} />}
            onClick={() => void keepNow()}
            data-testid="keep-picture"
          >
            {t(state.keptAt > 0 ? 'kiosk.queue.next' : 'kiosk.queue.take')}
          </Button>
        )}
        {offersPin(state, keeper !== null) && (
          <Button
            className={classes.usePin}
            size="lg"
            variant="light"
            leftSection={<IconPassword size={24} />}
            onClick={() => dispatch({ type: 'pad_opened', now: Date.now() })}
            data-testid="use-pin"
          >
            {t(state.challenge ? 'kiosk.challenge.pin' : 'kiosk.usePin')}
          </Button>
        )}
        <footer className={classes.footer}>
          {me.role === 'kiosk' ? (
            <Logo height={20} />
          ) : (
            <>
              {t('kiosk.test')} <Link to="/">{t('kiosk.leave')}</Link>
            </>
          )}
        </footer>
      </div>
      {(state.pad !== null || camera !== 'starting') && (
        <Suspense>
          <PinPad
            pad={state.pad}
            onTouch={() => dispatch({ type: 'pad_touched', now: Date.now() })}
            onClose={() => dispatch({ type: 'pad_closed', now: Date.now() })}
            onPunch={(who, pin) => void punchByPin(who, pin)}
          />
        </Suspense>
      )}
    </main>
  )
}

function Message({ state, zone }: { state: State; zone: string }) {
  const { greeting, keeping } = state
  return (
    <div className={classes.message}>
      {/* Both regions stay, so that a screen reader follows their changes. */}
      <div aria-live="assertive" data-testid="kiosk-greeting" data-username={greeting?.username}>
        {state.challenge && <ChallengeWords challenge={state.challenge} />}
        {greeting && (
          <div className={classes.greeting} key={greeting.until}>
            <IconCheck className={classes.check} stroke={2.4} aria-hidden />
            <div>
              <div className={classes.salute}>{salute(greeting, zone)}</div>
              <div className={classes.particulars}>{particulars(greeting, zone)}</div>
              {greeting.others.map((one) => (
                <div key={one.username} className={classes.together} data-testid="kiosk-together">
                  <div className={classes.particulars}>
                    <strong>{salute(one, zone)}</strong>
                  </div>
                  <div className={classes.particulars}>{particulars(one, zone)}</div>
                </div>
              ))}
            </div>
          </div>
        )}
        {keeping && <KeptCard keeping={keeping} zone={zone} />}
      </div>
      <div
        className={classes.notice}
        aria-live="polite"
        data-testid="kiosk-status"
        data-notice={state.notice}
        hidden={greeting !== null || keeping !== null || state.challenge !== null}
      >
        {state.camera === 'ready' || state.trouble ? noticeText(state) : null}
      </div>
    </div>
  )
}

function Clock({ zone }: { zone: string }) {
  const now = useNow(1_000)
  useDateStyle()
  return (
    <div className={classes.clock}>
      <time className={classes.time} data-testid="kiosk-clock">
        {clockTime(new Date(now), zone)}
      </time>
      <div className={classes.date}>{longDate(localDate(new Date(now), zone))}</div>
    </div>
  )
}

function SoundButton({ sound }: { sound: Sound }) {
  const { t } = useTranslation()
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={t(sound.on ? 'kiosk.queue.mute' : 'kiosk.queue.unmute')}
      aria-pressed={sound.on}
      onClick={sound.toggle}
    >
      {sound.on ? <IconVolume size={20} /> : <IconVolumeOff size={20} />}
    </ActionIcon>
  )
}

function FullscreenButton() {
  const { t } = useTranslation()
  const { fullscreen, toggle } = useFullscreenDocument()
  if (!document.fullscreenEnabled) return null
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={t(fullscreen ? 'kiosk.exitFullscreen' : 'kiosk.fullscreen')}
      onClick={() => void toggle().catch(() => undefined)}
    >
      {fullscreen ? <IconArrowsMinimize size={20} /> : <IconArrowsMaximize size={20} />}
    </ActionIcon>
  )
}

function tone(state: State): 'welcome' | 'warn' | 'calm' {
  if (state.greeting) return 'welcome'
  if (state.challenge || state.keeping) return 'warn'
  if (state.notice === 'look' || state.notice === 'recorded' || state.notice === 'starting') return 'calm'
  return 'warn'
}
