import { Button, Input, Modal, SegmentedControl, Stack, Switch, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconCurrentLocation } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Kiosk } from '../api/shapes'
import { i18next } from '../locale/locale'
import { Failed } from '../shell/states'
import { GeofenceFields } from './geofence-fields'
import { kiosksKey } from './kiosks'

interface Props {
  opened: boolean
  onClose: () => void
  kiosk: Kiosk
  company: string
}

/** A kiosk's limits in a few words. */
export function limitsText({ networks, geofence, mode }: Pick<Kiosk, 'networks' | 'geofence' | 'mode'>): string {
  const parts: string[] = []
  if (networks.length > 0) parts.push(i18next.t('kiosks.inNetworks', { count: networks.length }))
  if (geofence) parts.push(i18next.t('kiosks.within', { radius: geofence.radius }))
  if (parts.length === 0) parts.push(i18next.t('kiosks.anywhere'))
  if (mode === 'group') parts.push(i18next.t('kioskMode.groups'))
  return parts.join(', ')
}

/** One network a line, or several with commas or spaces between. */
export function networksFrom(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}

export function KioskLimits({ opened, onClose, kiosk, company }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('kiosks.limitsTitle', { place: kiosk.place })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Fields onClose={onClose} kiosk={kiosk} company={company} />
    </Modal>
  )
}

function Fields({ onClose, kiosk, company }: Omit<Props, 'opened'>) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [lost, setLost] = useState(false)
  const fence = kiosk.geofence
  const form = useForm<{
    mode: Kiosk['mode']
    networks: string
    fenced: boolean
    latitude: number | string
    longitude: number | string
    radius: number | string
  }>({
    initialValues: {
      mode: kiosk.mode,
      networks: kiosk.networks.join('\n'),
      fenced: fence !== undefined,
      latitude: fence?.latitude ?? '',
      longitude: fence?.longitude ?? '',
      radius: fence?.radius ?? 100,
    },
    validate: (values) => {
      const missing = (value: number | string) =>
        values.fenced && typeof value !== 'number' ? t('kiosks.needPlaceNumbers') : null
      return {
        latitude: missing(values.latitude),
        longitude: missing(values.longitude),
        radius: missing(values.radius),
      }
    },
  })
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      ok(
        api.PATCH('/api/v1/companies/{company}/kiosks/{username}', {
          params: { path: { company, username: kiosk.username } },
          body: {
            mode: values.mode,
            networks: networksFrom(values.networks),
            ...(values.fenced
              ? {
                  geofence: {
                    latitude: Number(values.latitude),
                    longitude: Number(values.longitude),
                    radius: Number(values.radius),
                  },
                }
              : { no_geofence: true }),
            version: kiosk.version,
          },
        }),
      ),
    onSuccess: () => {
      onClose()
      notifications.show({ message: t('app.saved'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: kiosksKey(company) })
    },
  })
  const useHere = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setLost(false)
        form.setFieldValue('latitude', Number(coords.latitude.toFixed(6)))
        form.setFieldValue('longitude', Number(coords.longitude.toFixed(6)))
      },
      () => setLost(true),
      { enableHighAccuracy: true, timeout: 15_000 },
    )
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('kiosks.limitsLead')}
        </Text>
        <Input.Wrapper size="md" label={t('kioskMode.title')} description={t('kioskMode.hint')}>
          <SegmentedControl
            mt={8}
            style={{ display: 'flex', width: 'fit-content' }}
            data={[
              { value: 'single', label: t('kioskMode.single') },
              { value: 'group', label: t('kioskMode.group') },
            ]}
            aria-label={t('kioskMode.title')}
            {...form.getInputProps('mode')}
          />
        </Input.Wrapper>
        <Textarea
          label={t('kiosks.networks')}
          description={t('kiosks.networksHint')}
          autosize
          minRows={2}
          size="md"
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('networks')}
        />
        <Switch
          label={t('kiosks.fence')}
          description={t('kiosks.fenceHint')}
          size="md"
          {...form.getInputProps('fenced', { type: 'checkbox' })}
        />
        {form.values.fenced && (
          <>
            <GeofenceFields field={form.getInputProps} />
            <Button
              variant="default"
              leftSection={<IconCurrentLocation size={18} />}
              onClick={useHere}
              style={{ alignSelf: 'flex-start' }}
            >
              {t('kiosks.here')}
            </Button>
            {lost && (
              <Text size="sm" c="red" role="alert">
                {t('kiosks.hereFailed')}
              </Text>
            )}
          </>
        )}
        {save.error && <Failed error={save.error} />}
        <Button type="submit" loading={save.isPending}>
          {t('app.save')}
        </Button>
      </Stack>
    </form>
  )
}
