namespace Actors.Engine;

/// <summary>What probing found out about one backend on this machine and directory.</summary>
/// <param name="Name">As in configuration.</param>
/// <param name="Available">Whether it can be used.</param>
/// <param name="Reason">When it is not: why, and what to do about it. Otherwise empty.</param>
/// <param name="Details">What was found: kernel features, limits, warnings.</param>
public sealed record BackendStatus(string Name, bool Available, string Reason, string Details);
