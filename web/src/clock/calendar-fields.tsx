import { Select, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { Employee } from '../api/shapes'

interface Choice {
  /** '' follows the company, for people alone. */
  calendar: Employee['calendar']
  both_calendars: boolean
}

interface Props {
  value: Choice
  onChange: (value: Choice) => void
  label?: string
  description?: string
  /** A person may follow their company. */
  person?: boolean
}

/** By which calendar dates are written, and whether the other stands beside. */
export function CalendarFields({ value, onChange, label, description, person = false }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Select
        label={label ?? t('calendar.label')}
        description={description}
        allowDeselect={false}
        data={(person ? (['', 'gregorian', 'bs'] as const) : (['gregorian', 'bs'] as const)).map((calendar) => ({
          value: calendar,
          label: t(`calendar.${calendar || 'company'}`),
        }))}
        value={value.calendar}
        onChange={(calendar) => onChange({ ...value, calendar: calendar ?? '' })}
      />
      {value.calendar !== '' && (
        <Switch
          label={t('calendar.both')}
          checked={value.both_calendars}
          onChange={(event) => onChange({ ...value, both_calendars: event.currentTarget.checked })}
        />
      )}
    </>
  )
}
