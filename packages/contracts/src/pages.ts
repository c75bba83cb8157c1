// The page protocol knows no flight word, so the platform, whose own lists speak it too, is its home.
export {
  cursorAfter,
  cursorOf,
  nextCursor,
  pageLimit,
  pageOf,
  pageQuery,
  type Page,
} from '@flight-booking/platform';
