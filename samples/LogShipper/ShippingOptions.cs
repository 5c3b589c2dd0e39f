namespace Actors.Samples.LogShipper;

/// <summary>What the command line says.</summary>
internal sealed record ShippingOptions(
    string Source, string Target, bool Once, long BatchLines, long RotateBytes, TimeSpan Poll, int Parallel);
