/** A url as messages and logs may show it: without query, user name and password, which are secrets more often than not. */
export function shownUrl(url: string): string {
	if (!URL.canParse(url)) return JSON.stringify(shorten(url.replace(/[?#].*$/s, '?…').replace(/\/\/[^/]*@/, '//')));
	const { protocol, host, pathname, search } = new URL(url);
	const place = host === '' ? `${protocol}${pathname}` : `${protocol}//${host}${pathname}`;
	return `${shorten(place)}${search === '' ? '' : '?…'}`;
}

const shorten = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
