using System.Diagnostics;

namespace Actors.Reliability.Soak;

/// <summary>Waits for what no message announces.</summary>
internal static class Settled
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until it is so, or patience is over.</summary>
    /// <returns>Whether it is so.</returns>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(Interval);
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > SoakLimits.Patience)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }

        return true;
    }
}
