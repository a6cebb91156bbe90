import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useState } from 'react'

import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import { useTwoFactor } from './account'
import { TwoFactorOff } from './two-factor-off'
import { TwoFactorSetUp } from './two-factor-set-up'

const FEW = 3

export function TwoFactorCard() {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const answer = useTwoFactor()
  const [asking, setAsking] = useState<'on' | 'off' | null>(null)
  const state = answer.data
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640}>
      <Stack>
        <div>
          <Group gap="sm">
            <Title order={2}>{t('twoFactor.title')}</Title>
            {state && (
              <Badge color={state.enabled ? 'pine' : 'gray'} variant="light" tt="none" data-testid="two-factor-state">
                {t(state.enabled ? 'twoFactor.on' : 'twoFactor.off')}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {t('twoFactor.lead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={1} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {state?.enabled && (
          <div>
            {state.since && <Text size="sm">{t('twoFactor.since', { when: dateAndTime(state.since, zone) })}</Text>}
            <Text size="sm">{t('twoFactor.left', { count: state.recovery_codes })}</Text>
            {state.recovery_codes <= FEW && (
              <Text size="sm" c="dimmed">
                {t('twoFactor.few')}
              </Text>
            )}
          </div>
        )}
        {state && (
          <Group>
            <Button variant={state.enabled ? 'default' : 'filled'} onClick={() => setAsking(state.enabled ? 'off' : 'on')}>
              {t(state.enabled ? 'twoFactor.turnOff' : 'twoFactor.turnOn')}
            </Button>
          </Group>
        )}
      </Stack>
      {asking === 'on' && <TwoFactorSetUp onClose={() => setAsking(null)} />}
      {asking === 'off' && <TwoFactorOff onClose={() => setAsking(null)} />}
    </Paper>
  )
}
