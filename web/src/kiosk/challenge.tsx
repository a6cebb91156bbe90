// What somebody is asked to do before the camera: in words, and as a sign over the
// preview, which is a mirror, so that left is left.
import { IconArrowBigLeftFilled, IconArrowBigRightFilled, IconEyeClosed } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import classes from './challenge.module.css'
import type { Challenge } from './machine'

const icons = { left: IconArrowBigLeftFilled, right: IconArrowBigRightFilled, blink: IconEyeClosed }

export function ChallengeWords({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation()
  const { step, done, steps } = challenge
  const Icon = icons[step]
  return (
    <div className={classes.card} data-testid="challenge" data-step={step} data-done={done} data-steps={steps}>
      <Icon className={classes.icon} aria-hidden />
      <div>
        <div className={classes.words}>{t(`kiosk.challenge.${step}`)}</div>
        <div className={classes.hint}>{t('kiosk.challenge.hint')}</div>
        <div className={classes.steps}>
          <span className={classes.dots} aria-hidden>
            {Array.from({ length: steps }, (_, index) => (
              <span key={index} className={classes.dot} data-state={index < done ? 'done' : index === done ? 'now' : 'next'} />
            ))}
          </span>
          {t('kiosk.challenge.progress', { step: done + 1, steps })}
        </div>
      </div>
    </div>
  )
}

export function ChallengeSign({ challenge }: { challenge: Challenge }) {
  const Icon = icons[challenge.step]
  return (
    <div className={classes.sign} data-step={challenge.step} key={`${challenge.step}${challenge.done}`} aria-hidden>
      <Icon className={classes.signIcon} />
    </div>
  )
}
