import { Badge } from '@mantine/core'

import { useMe } from '../session/use-session'
import { useOpenReviews } from './review'

/** How many doubtful punches wait, beside the link to them. */
export function OpenCount() {
  const { company, role } = useMe()
  const open = useOpenReviews(company, role === 'admin' || role === 'auditor')
  if (!open.data) return null
  return (
    <Badge color="marigold" variant="light" size="sm" data-testid="reviews-open">
      {open.data > 99 ? '99+' : open.data}
    </Badge>
  )
}
