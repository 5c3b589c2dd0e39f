using Actors.Engine;
using Actors.Host.Machine;

namespace Actors.Host.Reporting;

/// <summary>The document that <c>actors probe --json</c> writes.</summary>
/// <param name="Schema">Always "actors.probe/1".</param>
/// <param name="Directory">The directory that was probed.</param>
/// <param name="Machine">This machine.</param>
/// <param name="Backends">What probing found, best first.</param>
/// <param name="Auto">What <c>auto</c> takes.</param>
/// <param name="Limits">Limits of the process and the system.</param>
internal sealed record ProbeReport(
    string Schema,
    string Directory,
    MachineInfo Machine,
    IReadOnlyList<BackendStatus> Backends,
    AutoReport Auto,
    IReadOnlyDictionary<string, string> Limits);
