import { Avatar } from '@mantine/core'

import { steady } from './links'

interface Props {
  name: string
  /** A signed link; without one, and when it does not work, initials are shown. */
  link?: string
  size: number
  active?: boolean
}

/** Somebody's picture beside their name, which says the same. */
export function PersonAvatar({ name, link, size, active = true }: Props) {
  return (
    <Avatar
      src={steady(link)}
      name={name}
      color={active ? 'pine' : 'gray'}
      size={size}
      imageProps={{ loading: 'lazy', draggable: false }}
      style={active ? undefined : { filter: 'grayscale(1)' }}
      aria-hidden
      data-testid="avatar"
    />
  )
}
