namespace Actors.Host.Scenarios;

/// <summary>The order in which blocks are visited.</summary>
internal enum AccessPattern
{
    /// <summary>From the first to the last.</summary>
    Sequential,

    /// <summary>Each once, in an order drawn from the scenario's seed.</summary>
    Random,
}
