import { List, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { asScore, type Calibration } from './calibration'
import { Card } from './calibration-page'

/** The people whom recognition has trouble with. */
export function People({ found }: { found: Calibration }) {
  const { t } = useTranslation()
  return (
    <>
      <Card
        title={t('calibration.lookAlikes')}
        lead={found.look_alikes.length > 0 ? t('calibration.lookAlikesLead', { from: asScore(found.in_force.threshold - found.margin) }) : undefined}
      >
        {found.look_alikes.length === 0 ? (
          <Text size="sm">{t('calibration.noLookAlikes')}</Text>
        ) : (
          <List spacing={4} data-testid="look-alikes">
            {found.look_alikes.map(({ a, b, score }) => (
              <List.Item key={`${a.username} ${b.username}`}>
                <Person username={a.username}>{a.name}</Person> {t('calibration.and')} <Person username={b.username}>{b.name}</Person>{' '}
                <Text span c="dimmed" size="sm">
                  {asScore(score)}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Card>
      <Card title={t('calibration.weak')} lead={found.weak.length > 0 ? t('calibration.weakLead') : undefined}>
        {found.weak.length === 0 ? (
          <Text size="sm">{t('calibration.noWeak')}</Text>
        ) : (
          <List spacing={4} data-testid="weak">
            {found.weak.map(({ username, name, score }) => (
              <List.Item key={username}>
                <Person username={username}>{name}</Person>{' '}
                <Text span c="dimmed" size="sm">
                  {asScore(score)}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Card>
    </>
  )
}

function Person({ username, children }: { username: string; children?: string }) {
  return (
    <Link className="row-link" to="/employees/$username" params={{ username }}>
      {children}
    </Link>
  )
}
