import { Alert, Anchor } from '@mantine/core'
import { IconEyeQuestion } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { useOpenReviews } from './review'

/** Says on the board that something waits for the admin to look at. */
export function WaitingBanner() {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const open = useOpenReviews(company, role === 'admin')
  const count = open.data ?? 0
  if (count === 0) return null
  return (
    <Alert color="marigold" icon={<IconEyeQuestion />} data-testid="reviews-waiting">
      {count > 99 ? t('review.waitingMany') : t('review.waiting', { count })}.{' '}
      <Anchor component={Link} to="/review" inherit>
        {t('review.look')}
      </Anchor>
    </Alert>
  )
}
