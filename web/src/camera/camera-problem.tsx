import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { CameraState } from './use-camera'

/** Says why there is no picture, and what to do. */
export function CameraProblem({ state }: { state: CameraState }) {
  const { t } = useTranslation()
  if (state === 'ready') return null
  if (state === 'starting') return <Text>{t('camera.starting')}</Text>
  return (
    <>
      <Text fw={600} size="lg">
        {t(`camera.${state}`)}
      </Text>
      <Text size="sm">{window.isSecureContext ? t(`camera.${state}Hint`) : t('camera.insecure')}</Text>
    </>
  )
}
