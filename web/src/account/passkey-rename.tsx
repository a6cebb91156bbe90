import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Passkey } from '../api/shapes'
import { problemText } from '../locale/problem-text'
import { passkeysKey } from './account'

export function PasskeyRename({ one, onClose }: { one: Passkey; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState(one.name)
  const rename = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH('/api/v1/me/passkeys/{passkey}', {
          params: { path: { passkey: one.id } },
          body: { name: name.trim() },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: t('passkeys.renamed'), color: 'pine' })
      onClose()
      return queries.invalidateQueries({ queryKey: passkeysKey })
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('passkeys.renameOf', { name: one.name })}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim()) rename.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('passkeys.name')}
            description={t('passkeys.nameHint')}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={rename.error && problemText(rename.error)}
            data-autofocus
          />
          <Button type="submit" loading={rename.isPending} disabled={!name.trim()}>
            {t('app.save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
