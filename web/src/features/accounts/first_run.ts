// First run connects its network through the same pages; this remembers, for the tab's life, to go on to the composer.
const key = "mypost.first-run";

export const firstRun = {
  begin: (): void => write("1"),
  isOn: (): boolean => read() === "1",
  end: (): void => write(null),
};

function read(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Without storage the person lands on the accounts page instead.
  }
}
