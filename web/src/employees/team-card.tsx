import { Alert, Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconUserOff } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Employee } from '../api/shapes'
import { Failed } from '../shell/states'
import { employeesKey } from './employees'
import classes from './team-card.module.css'

/** Who names somebody as their manager, whether or not that counts; nothing while nobody does. */
export function TeamCard({ company, employee }: { company: string; employee: Employee }) {
  const { t } = useTranslation()
  const { username, name } = employee
  const leads = employee.active && employee.role === 'manager'
  const answer = useInfiniteQuery({
    queryKey: [...employeesKey(company), 'of', username],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: { path: { company }, query: { manager: username, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
  const people = answer.data?.pages.flatMap((page) => page.employees) ?? []
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />
  if (people.length === 0) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="team-card">
      <Stack gap="sm">
        <div>
          <Title order={2}>{t('roles.team')}</Title>
          <Text size="sm" c="dimmed">
            {t('roles.teamLead', { name })}
          </Text>
        </div>
        {!leads && (
          <Alert color="marigold" icon={<IconUserOff />} data-testid="team-lost">
            {t('roles.teamLost', { name })}
          </Alert>
        )}
        <Group gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {people.map((one) => (
            <li key={one.username}>
              <Link className={classes.person} to="/employees/$username" params={{ username: one.username }}>
                {one.name}
              </Link>
            </li>
          ))}
        </Group>
        {answer.hasNextPage && (
          <Anchor component="button" size="sm" onClick={() => void answer.fetchNextPage()} style={{ alignSelf: 'flex-start' }}>
            {t('employees.more')}
          </Anchor>
        )}
      </Stack>
    </Paper>
  )
}
