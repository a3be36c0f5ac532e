package dev.stint.model.counters;

import java.util.List;

/// What is not public about the counters: a labelled assumption.
///
/// @param bucketBoundsNs upper bounds of the wait-time buckets 0 to 11, each exclusive and greater
///   than the one before; bucket 12 takes the rest. *Assumed*: the real bounds are unpublished
public record CounterRules(List<Long> bucketBoundsNs) {
  /// How many wait-time buckets a VP has.
  public static final int BUCKET_COUNT = 13;

  /// Buckets that grow by about half a decade: 1, 3, 10 us and so on to 300 ms.
  public static final CounterRules DEFAULT =
      new CounterRules(
          List.of(
              1_000L,
              3_000L,
              10_000L,
              30_000L,
              100_000L,
              300_000L,
              1_000_000L,
              3_000_000L,
              10_000_000L,
              30_000_000L,
              100_000_000L,
              300_000_000L));

  /// Copies and validates the bounds.
  public CounterRules {
    bucketBoundsNs = List.copyOf(bucketBoundsNs);
    if (bucketBoundsNs.size() != BUCKET_COUNT - 1) {
      throw new IllegalArgumentException("there are 12 bounds between 13 buckets");
    }
    for (int i = 0; i < bucketBoundsNs.size(); i++) {
      if (bucketBoundsNs.get(i) <= (i == 0 ? 0 : bucketBoundsNs.get(i - 1))) {
        throw new IllegalArgumentException("bounds are positive and increase");
      }
    }
  }

  /// The bucket of a wait.
  public int bucketOf(long waitNs) {
    int bucket = 0;
    while (bucket < BUCKET_COUNT - 1 && waitNs >= bucketBoundsNs.get(bucket)) {
      bucket++;
    }
    return bucket;
  }
}
