namespace Actors.Engine.Drivers;

/// <summary>What became of an operation whose driver failed: nobody knows.</summary>
/// <param name="Cause">One sentence, for people.</param>
/// <param name="Exception">What the driver threw, or why there is no other.</param>
internal sealed record DriverFault(string Cause, Exception Exception);
