import { Chip, Group, Input, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { Company } from '../api/shapes'
import { weekdays } from '../shifts/weekdays'

interface Props {
  off: Company['weekly_off']
  onOff: (off: Company['weekly_off']) => void
  /** Of queued punches, in minutes. */
  bound: number
  onBound: (bound: number) => void
}

/** The settings that decide what a day comes to. */
export function RulesFields({ off, onOff, bound, onBound }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Input.Wrapper size="md" label={t('rules.weeklyOff')} description={t('rules.weeklyOffHint')}>
        <Chip.Group multiple value={off} onChange={(value) => onOff(weekdays.filter((day) => value.includes(day)))}>
          <Group gap="xs" mt={8}>
            {weekdays.map((day) => (
              <Chip key={day} value={day} variant="light" disabled={off.length >= 6 && !off.includes(day)}>
                {t(`rules.days.${day}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      <NumberInput
        label={t('rules.queue')}
        description={t('rules.queueHint')}
        min={0}
        max={168}
        decimalScale={1}
        suffix={t('rules.hours')}
        value={bound / 60}
        onChange={(value) => onBound(Math.round((Number(value) || 0) * 60))}
      />
    </>
  )
}
