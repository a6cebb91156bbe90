import { ActionIcon, Avatar, Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCamera, IconPhotoPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok, putPicture } from '../api/client'
import type { Employee } from '../api/shapes'
import { refuseEarly } from '../employees/enrolment'
import { employeeKey, employeesKey } from '../employees/employees'
import { Failed } from '../shell/states'
import { PersonAvatar } from './person-avatar'
import { steady } from './links'

interface Props {
  company: string
  employee: Employee
  size: number
}

/** Somebody's picture, with a button to change it. */
export function ProfilePicture({ company, employee, size }: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const label = t('profilePicture.change', { name: employee.name })
  return (
    <div style={{ position: 'relative', flex: 'none' }}>
      <PersonAvatar name={employee.name} link={employee.medium_url} size={size} active={employee.active} />
      <ActionIcon
        variant="default"
        size={28}
        radius="xl"
        aria-label={label}
        title={label}
        onClick={() => setOpened(true)}
        style={{ position: 'absolute', insetInlineEnd: -8, insetBlockEnd: -6 }}
      >
        <IconCamera size={16} />
      </ActionIcon>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('profilePicture.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
        <Chooser company={company} employee={employee} onDone={() => setOpened(false)} />
      </Modal>
    </div>
  )
}

function Chooser({ company, employee, onDone }: { company: string; employee: Employee; onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const preview = useChosen()
  const { file } = preview
  const path = { company, username: employee.username }
  const finish = async (words: 'profilePicture.saved' | 'profilePicture.removed') => {
    void queries.invalidateQueries({ queryKey: employeesKey(company) })
    await queries.invalidateQueries({ queryKey: employeeKey(company, employee.username) })
    notifications.show({ message: t(words), color: 'pine' })
    onDone()
  }
  const save = useMutation({
    mutationFn: (picture: File) => {
      const early = refuseEarly(picture)
      if (early) throw early
      return putPicture(
        `/api/v1/companies/${encodeURIComponent(company)}/employees/${encodeURIComponent(employee.username)}/picture`,
        picture,
      )
    },
    onSuccess: () => finish('profilePicture.saved'),
  })
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/employees/{username}/picture', { params: { path } })),
    onSuccess: () => finish('profilePicture.removed'),
  })
  const choose = (chosen: File | null) => {
    if (!chosen) return
    save.reset()
    remove.reset()
    preview.choose(chosen)
  }
  const error = save.error ?? remove.error
  return (
    <Stack align="center">
      <Text size="sm" c="dimmed" ta="center">
        {t('profilePicture.lead')}
      </Text>
      <Avatar
        src={preview.url ?? steady(employee.medium_url)}
        name={employee.name}
        color="pine"
        size={176}
        alt=""
        imageProps={{ onError: preview.failed }}
        data-testid="picture-preview"
      />
      {file && !error && (
        <Text size="sm" c="dimmed" ta="center" style={{ wordBreak: 'break-word' }}>
          {preview.broken ? t('profilePicture.noPreview') : file.name}
        </Text>
      )}
      {error && (
        <div style={{ alignSelf: 'stretch' }}>
          <Failed error={error} />
        </div>
      )}
      <Group justify="center" gap="xs">
        <FileButton onChange={choose} accept="image/*,.heic,.heif,.avif" inputProps={{ 'aria-label': t('profilePicture.choose') }}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconPhotoPlus size={18} />}>
              {t(file ? 'profilePicture.other' : 'profilePicture.choose')}
            </Button>
          )}
        </FileButton>
        {employee.medium_url && !file && (
          <Button variant="default" leftSection={<IconTrash size={18} />} loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('profilePicture.remove')}
          </Button>
        )}
        {file && (
          <Button loading={save.isPending} onClick={() => save.mutate(file)} data-autofocus>
            {t('profilePicture.save')}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" ta="center">
        {t('profilePicture.hint')}
      </Text>
    </Stack>
  )
}

/** A chosen file, and how it looks as far as the browser can read it. */
function useChosen() {
  const [chosen, setChosen] = useState<{ file: File; url: string; broken: boolean } | null>(null)
  const made = useRef<string[]>([])
  useEffect(() => {
    const urls = made.current
    return () => urls.forEach((url) => URL.revokeObjectURL(url))
  }, [])
  return {
    file: chosen?.file ?? null,
    url: chosen && !chosen.broken ? chosen.url : undefined,
    broken: chosen?.broken ?? false,
    choose: (file: File) => {
      const url = URL.createObjectURL(file)
      made.current.push(url)
      setChosen({ file, url, broken: false })
    },
    failed: () => setChosen((one) => one && { ...one, broken: true }),
  }
}
