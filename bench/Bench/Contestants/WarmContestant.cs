using Actors.Bench.Contests;

namespace Actors.Bench.Contestants;

/// <summary>
/// A .NET contestant, measured warm. It has a process of its own for the whole contest, so that what the JIT compiler
/// learns is about it alone; the process is halted while others run.
/// </summary>
/// <param name="name">Unique within the contest.</param>
/// <param name="isOurs">Ours runs under the console's runtime configuration, others under the runtime's defaults.
/// </param>
/// <param name="work">What is to be done.</param>
/// <param name="runner">Makes what does it, in that process.</param>
/// <param name="filesBelow">Where its files are, below the directory that it is given.</param>
/// <param name="build">Where the Actors.Bench.dll is that its process runs; this one's unless said.</param>
internal sealed class WarmContestant(
    string name, bool isOurs, IWork work, Func<IWarmRunner> runner, string filesBelow = "", string? build = null)
    : Contestant(build is null ? name : EarlierName(name), isOurs, work, filesBelow)
{
    /// <summary>Where the Actors.Bench.dll is that its process runs.</summary>
    public string Build { get; } = build ?? AppContext.BaseDirectory;

    /// <summary>Its name in that build.</summary>
    public string NameInBuild { get; } = name;

    // By the name: in streams ours run under the runtime's defaults too.
    public override Contestant? Earlier(string earlier) => NameInBuild.StartsWith("ours", StringComparison.Ordinal)
        ? new WarmContestant(NameInBuild, IsOurs, Work, runner, FilesBelow, earlier)
        : null;

    /// <summary>What does the work, in the contestant's own process.</summary>
    public IWarmRunner CreateRunner() => runner();

    public override async Task<IEntry> EnterAsync(Entrance entrance, CancellationToken cancellation) =>
        await WarmProcess.StartAsync(this, entrance, cancellation);
}
