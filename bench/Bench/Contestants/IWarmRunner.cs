using Actors.Bench.Contests;

namespace Actors.Bench.Contestants;

/// <summary>Does a piece of work in this process, again and again.</summary>
internal interface IWarmRunner : IAsyncDisposable
{
    /// <summary>Does it once.</summary>
    Task<Measurement> RunAsync(string directory);
}
