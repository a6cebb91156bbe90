import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** The way from signing in to signing up. */
export function SignUpOffer() {
  const { t } = useTranslation()
  return (
    <Text size="sm" c="dimmed" ta="center">
      {t('signUp.offer')}{' '}
      <Anchor component={Link} to="/sign-up" size="sm">
        {t('signUp.offerLink')}
      </Anchor>
    </Text>
  )
}
