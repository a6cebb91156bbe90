import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { asScore, type Bar, type Calibration } from './calibration'
import classes from './plot.module.css'

const WIDTH = 760
const HEIGHT = 250
const FOOT = 30
const HEAD = 12
const BAR = 0.02

/** Both distributions over the score, with the thresholds as lines. */
export function Plot({ found: c }: { found: Calibration }) {
  const { t } = useTranslation()
  const froms = [...c.genuine, ...c.impostor].map((bar) => bar.from)
  const first = Math.min(-0.2, ...froms)
  const x = (score: number) => ((score - first) / (1 - first)) * WIDTH
  const ticks = Array.from({ length: 7 }, (_, n) => -0.2 + n * 0.2)
  const bars = (list: Bar[], className: string | undefined) => {
    const most = Math.max(1, ...list.map((bar) => bar.count))
    return list.map((bar) => {
      const height = bar.count === 0 ? 0 : Math.max(2, (bar.count / most) * (HEIGHT - FOOT - HEAD))
      return (
        <rect key={bar.from} className={className} x={x(bar.from)} y={HEIGHT - FOOT - height} width={x(bar.from + BAR) - x(bar.from) - 1} height={height} />
      )
    })
  }
  const median = middle(c.genuine)
  const top = c.impostor.at(-1)
  const line = (threshold: number, className = '') => (
    <line className={`${classes.line} ${className}`} x1={x(threshold)} x2={x(threshold)} y1={0} y2={HEIGHT - FOOT} />
  )
  return (
    <div>
      <svg
        className={classes.plot}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t('calibration.plotAlt', {
          impostor: top ? asScore(top.from + BAR) : '–',
          genuine: median === undefined ? '–' : asScore(median),
          threshold: asScore(c.in_force.threshold),
        })}
      >
        {bars(c.impostor, classes.impostor)}
        {bars(c.genuine, classes.genuine)}
        <line className={classes.axis} x1={0} x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
        {ticks.map((tick) => (
          <text key={tick} className={classes.tick} x={x(tick)} y={HEIGHT - 10} textAnchor={tick > 0.9 ? 'end' : tick < first + 0.01 ? 'start' : 'middle'}>
            {tick.toFixed(1)}
          </text>
        ))}
        {line(c.in_force.threshold)}
        {c.found && line(c.found.threshold, classes.proposed)}
      </svg>
      <Group gap="lg" mt="xs">
        <Legend text={t('calibration.impostor')}>
          <rect className={classes.impostor} width={12} height={12} rx={3} />
        </Legend>
        <Legend text={t('calibration.genuine')}>
          <rect className={classes.genuine} width={12} height={12} rx={3} />
        </Legend>
        <Legend text={t('calibration.inForce', { threshold: asScore(c.in_force.threshold) })}>
          <line className={classes.line} x1={6} x2={6} y1={0} y2={12} />
        </Legend>
        {c.found && (
          <Legend text={t('calibration.found', { threshold: asScore(c.found.threshold) })}>
            <line className={`${classes.line} ${classes.proposed}`} x1={6} x2={6} y1={0} y2={12} />
          </Legend>
        )}
        <Text size="xs" c="dimmed">
          {t('calibration.height')}
        </Text>
      </Group>
    </div>
  )
}

function Legend({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Group gap={6}>
      <svg width={12} height={12} aria-hidden>
        {children}
      </svg>
      <Text size="sm">{text}</Text>
    </Group>
  )
}

/** The bar in which half of the scores are passed. */
function middle(bars: Bar[]): number | undefined {
  let left = bars.reduce((sum, bar) => sum + bar.count, 0) / 2
  return bars.find((bar) => (left -= bar.count) < 0)?.from
}
