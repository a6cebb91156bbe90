import { NumberInput, SimpleGrid } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'

interface Props {
  /** What a form gives for the input of that name. */
  field: (name: 'latitude' | 'longitude' | 'radius') => ReturnType<UseFormReturnType<object>['getInputProps']>
}

/** Where a place is, and how far around it counts. */
export function GeofenceFields({ field }: Props) {
  const { t } = useTranslation()
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <NumberInput label={t('kiosks.latitude')} min={-90} max={90} decimalScale={7} hideControls {...field('latitude')} />
      <NumberInput label={t('kiosks.longitude')} min={-180} max={180} decimalScale={7} hideControls {...field('longitude')} />
      <NumberInput label={t('kiosks.radius')} min={10} max={100_000} suffix={t('kiosks.metres')} {...field('radius')} />
    </SimpleGrid>
  )
}
