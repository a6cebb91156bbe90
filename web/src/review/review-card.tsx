import { Anchor, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Review } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { DecideReview } from './decide-review'
import { didText, nearness, nothingText, reasonsOf, titleOf } from './review'
import classes from './review.module.css'

const colors = { open: 'marigold', confirmed: 'pine', reassigned: 'pine', rejected: 'gray' } as const

/** One doubtful punch or refusal: the pictures, why, and what to do about it. */
export function ReviewCard({ review }: { review: Review }) {
  const { t } = useTranslation()
  const { role, time_zone: zone } = useMe()
  const mine = review.candidates.findIndex((one) => one.username !== undefined && one.username === review.username)
  const [shown, setShown] = useState(Math.max(mine, 0))
  const compared = review.candidates[shown]
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="review" data-kind={review.kind} data-state={review.state} data-code={review.code}>
      <Stack gap="md">
        <Group justify="space-between" align="start" gap="xs">
          <div>
            <Title order={3}>{titleOf(review)}</Title>
            <Text size="sm" c="dimmed">
              {[dateAndTime(review.at, zone), review.place].filter(Boolean).join(', ')}
              {review.kind === 'punch' && review.username && review.date && (
                <>
                  {', '}
                  <Anchor component={Link} to={`/employees/${review.username}?month=${review.date.slice(0, 7)}`} size="sm">
                    {t('review.days')}
                  </Anchor>
                </>
              )}
            </Text>
          </div>
          {review.state !== 'open' && (
            <Badge color={colors[review.state]} variant="light" tt="none" size="lg">
              {didText(review)}
            </Badge>
          )}
        </Group>
        <div className={classes.body}>
          {role === 'admin' && (
            <div className={classes.pair}>
              <Picture
                link={review.picture_url}
                nothing={nothingText(review)}
                caption={t('review.atTheDoor')}
                testid="review-picture"
              />
              <Picture
                link={compared?.face_url}
                nothing={t('review.noFace')}
                caption={compared?.name ? t('review.enrolled', { name: compared.name }) : t('review.nobody')}
                testid="review-enrolled"
              />
            </div>
          )}
          <Stack gap="sm">
            <ul className={classes.reasons}>
              {reasonsOf(review, zone).map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
            <div>
              <Text size="sm" fw={580} mb={4}>
                {t('review.thought')}
              </Text>
              {review.candidates.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t('review.nobody')}
                </Text>
              )}
              <ul className={classes.candidates}>
                {review.candidates.map((one, index) => {
                  const words = (
                    <>
                      <span>{one.name ?? t('review.withdrawn')}</span>
                      <span className={classes.words}>
                        {t(`review.${nearness(one.score, review.threshold)}`)}{' '}
                        <span className="figures">({one.score.toFixed(2)})</span>
                      </span>
                    </>
                  )
                  return (
                    <li key={index}>
                      {role === 'admin' && one.face_url ? (
                        <button
                          type="button"
                          className={classes.candidate}
                          data-shown={index === shown || undefined}
                          aria-pressed={index === shown}
                          onClick={() => setShown(index)}
                        >
                          {words}
                        </button>
                      ) : (
                        <div className={classes.candidate}>{words}</div>
                      )}
                    </li>
                  )
                })}
              </ul>
            </div>
            <Facts review={review} zone={zone} />
          </Stack>
        </div>
        {role === 'admin' && review.state === 'open' && <DecideReview review={review} thought={compared} />}
      </Stack>
    </Paper>
  )
}

function Picture(props: { link?: string; nothing: string; caption: string; testid: string }) {
  // A face that was removed meanwhile has a link that leads nowhere.
  const [failed, setFailed] = useState('')
  return (
    <figure className={classes.picture} data-testid={props.testid}>
      {props.link && failed !== props.link ? (
        <img src={props.link} alt={props.caption} onError={() => setFailed(props.link ?? '')} />
      ) : (
        <div className={classes.nothing}>{props.nothing}</div>
      )}
      <figcaption className={classes.caption}>{props.caption}</figcaption>
    </figure>
  )
}

function Facts({ review, zone }: { review: Review; zone: string }) {
  const { t } = useTranslation()
  const facts = [
    review.quality &&
      t('review.quality', {
        sharpness: review.quality.sharpness.toFixed(0),
        brightness: review.quality.brightness.toFixed(2),
        yaw: review.quality.yaw.toFixed(0),
        pitch: review.quality.pitch.toFixed(0),
      }),
    [review.model, review.liveness_model].filter(Boolean).join(', '),
    review.settings && t('review.settings', { version: review.settings }),
    review.expires_at && review.state === 'open' && t('review.expires', { date: dateAndTime(review.expires_at, zone) }),
  ].filter(Boolean)
  return (
    <Text size="xs" c="dimmed">
      {facts.join('. ')}
    </Text>
  )
}
