/** The mark: a line through three points, the middle one where traffic stops. */
export function Logo({ className = "h-4 w-auto" }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 40 20" className={className} aria-hidden="true" fill="none">
      <path d="M9 10h6.5M24.5 10H31" stroke="var(--accent)" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="5.5" cy="10" r="3.6" stroke="var(--accent)" strokeWidth="2.6" />
      <circle cx="34.5" cy="10" r="3.6" stroke="var(--accent)" strokeWidth="2.6" />
      <path d="M17.6 14.6 22.4 5.4" stroke="var(--broken-line)" strokeWidth="2.8" strokeLinecap="round" />
    </svg>
  );
}
