import { Select, type OptionsFilter, type SelectProps } from '@mantine/core'
import { useMemo } from 'react'

import { zones } from './zones'

// "kathmandu", "asia kath" and "+05:45" all find Asia/Kathmandu.
const filter: OptionsFilter = ({ options, search, limit }) => {
  const words = search.toLowerCase().replace(/[/_]/g, ' ').split(' ').filter(Boolean)
  return options
    .filter((option) => {
      if (!('label' in option)) return false
      const label = option.label.toLowerCase().replace(/[/_]/g, ' ')
      return words.every((word) => label.includes(word))
    })
    .slice(0, limit)
}

export function ZoneSelect(props: SelectProps) {
  const data = useMemo(() => zones(props.value ?? ''), [props.value])
  return <Select {...props} data={data} filter={filter} searchable allowDeselect={false} maxDropdownHeight={280} />
}
