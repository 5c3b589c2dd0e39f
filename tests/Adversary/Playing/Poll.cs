using System.Diagnostics;

namespace Actors.Adversary.Playing;

/// <summary>Waits for what nothing announces.</summary>
internal static class Poll
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5);

    /// <returns>False when the time is over first.</returns>
    public static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan patience)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > patience)
            {
                return false;
            }

            await Task.Delay(Every);
        }

        return true;
    }
}
