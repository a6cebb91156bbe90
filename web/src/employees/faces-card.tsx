import { ActionIcon, Alert, Button, Group, Image, Paper, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconCamera, IconFaceId, IconForbid2, IconPhotoOff, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Employee, Face } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { mayEnrol, stateWord } from '../consent/consent'
import { Confirm } from '../shell/confirm'
import { Failed } from '../shell/states'
import { CameraEnrolment } from './camera-enrolment'
import { DropZone } from './drop-zone'
import { employeeKey, employeesKey, facesKey, useFaces } from './employees'
import { useEnrolment } from './enrolment'
import { RenewalHint } from './renewal'
import { UploadList } from './upload-list'

interface Props {
  company: string
  employee: Employee
  zone: string
}

/** The faces by which somebody is recognised, and ways to add more. */
export function FacesCard({ company, employee, zone }: Props) {
  const { t } = useTranslation()
  const answer = useFaces(company, employee.username)
  const { uploads, enrol } = useEnrolment(company, employee.username)
  const [filming, camera] = useDisclosure()
  const faces = answer.data?.faces ?? []
  const allowed = mayEnrol(employee)
  return (
    <Paper p={{ base: 'md', sm: 'lg' }}>
      <Stack>
        <Group justify="space-between">
          <div>
            <Title order={2}>{t('enrol.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('enrol.lead')}
            </Text>
          </div>
          <Button variant="light" leftSection={<IconCamera size={20} />} onClick={camera.open} disabled={!allowed}>
            {t('enrol.camera')}
          </Button>
        </Group>
        {answer.isPending && <Skeleton height={112} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {employee.active && !allowed && (
          <Alert color="gray" icon={<IconForbid2 />} title={t('consent.needed')} data-testid="consent-needed">
            {t(`consent.neededHint.${stateWord(employee.consent)}`, { name: employee.name })}
          </Alert>
        )}
        {answer.data && allowed && faces.length === 0 && (
          <Alert color="marigold" icon={<IconFaceId />} title={t('enrol.none')}>
            {t('enrol.noneHint', { name: employee.name })}
          </Alert>
        )}
        {allowed && <RenewalHint employee={employee} />}
        {faces.length > 0 && (
          <Group gap="sm">
            {faces.map((face) => (
              <FaceTile key={face.face_id} face={face} company={company} employee={employee} zone={zone} />
            ))}
          </Group>
        )}
        {allowed && <DropZone onFiles={(files) => files.forEach((file) => enrol(file.name, file))} />}
        <UploadList uploads={uploads} />
      </Stack>
      <CameraEnrolment
        company={company}
        username={employee.username}
        opened={filming}
        onClose={camera.close}
        onPicture={enrol}
        uploads={uploads}
      />
    </Paper>
  )
}

function FaceTile({ face, company, employee, zone }: Props & { face: Face }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  // Links expire; the next answer brings a new one, which may work again.
  const [broken, setBroken] = useState('')
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/employees/{username}/faces/{face_id}', {
          params: { path: { company, username: employee.username, face_id: face.face_id } },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: t('enrol.removed'), color: 'pine' })
      void queries.invalidateQueries({ queryKey: employeeKey(company, employee.username) })
      void queries.invalidateQueries({ queryKey: employeesKey(company) })
      return queries.invalidateQueries({ queryKey: facesKey(company, employee.username) })
    },
  })
  const label = t('enrol.picture', { name: employee.name, when: dateAndTime(face.indexed_at, zone) })
  return (
    <div style={{ position: 'relative' }} data-testid="face">
      {face.medium_url && face.medium_url !== broken ? (
        <Tooltip label={label}>
          <Image
            src={face.medium_url}
            alt={label}
            w={112}
            h={112}
            radius="md"
            fit="cover"
            onError={() => setBroken(face.medium_url)}
          />
        </Tooltip>
      ) : (
        <Tooltip label={`${label}. ${t('enrol.noPicture')}`}>
          <Paper w={112} h={112} radius="md" style={{ display: 'grid', placeItems: 'center' }}>
            <IconPhotoOff color="var(--mantine-color-dimmed)" aria-label={label} />
          </Paper>
        </Tooltip>
      )}
      <ActionIcon
        variant="default"
        size="md"
        radius="xl"
        aria-label={t('enrol.remove')}
        onClick={() => setAsking(true)}
        style={{ position: 'absolute', insetInlineEnd: 6, insetBlockEnd: 6 }}
      >
        <IconTrash size={16} />
      </ActionIcon>
      <Confirm
        opened={asking}
        title={t('enrol.removeTitle')}
        text={t('enrol.removeHint')}
        yes={t('enrol.remove')}
        pending={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </div>
  )
}
