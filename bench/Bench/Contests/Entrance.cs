using Actors.Bench.Tools;

namespace Actors.Bench.Contests;

/// <summary>What a contestant is given to get ready.</summary>
/// <param name="Toolbox">What the machine has.</param>
/// <param name="Contest">The contest's name.</param>
/// <param name="Directory">Where its files go, each round.</param>
/// <param name="IsBrief">Whether this is <c>--quick</c>.</param>
internal sealed record Entrance(Toolbox Toolbox, string Contest, string Directory, bool IsBrief);
