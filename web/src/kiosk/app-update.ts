export function useApp() {
  // follows
}
export function useIdle(idle: boolean) {
  void idle
}
