namespace Actors.Reliability.Reporting;

/// <summary>One promise, and what came of it.</summary>
/// <param name="Promise">What has to be so.</param>
/// <param name="Held">Whether it was.</param>
/// <param name="Seen">The figures that say so, or the first case that says otherwise.</param>
internal sealed record Check(string Promise, bool Held, string Seen)
{
    /// <summary>A promise of which every breach was written down.</summary>
    /// <param name="promise">What has to be so.</param>
    /// <param name="breaches">Every case in which it was not.</param>
    /// <param name="looked">What was looked at, in words.</param>
    public static Check NoneOf(string promise, IReadOnlyCollection<string> breaches, string looked) => new(
        promise, breaches.Count == 0,
        breaches.Count == 0 ? looked : $"{breaches.Count} breaches; {string.Join("; ", breaches.Take(5))}");
}
