namespace Actors.Bench.Contests;

/// <summary>A contestant that is ready to run.</summary>
internal interface IEntry : IAsyncDisposable
{
    /// <summary>Does the work once.</summary>
    /// <exception cref="ContestantException">It did not.</exception>
    Task<Measurement> RunAsync(CancellationToken cancellation);
}
