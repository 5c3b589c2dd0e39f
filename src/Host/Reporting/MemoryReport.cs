namespace Actors.Host.Reporting;

/// <summary>Memory of one run.</summary>
/// <param name="PeakManagedBytes">Largest managed heap that was sampled.</param>
/// <param name="AllocatedBytes">Allocated on the managed heap in all.</param>
/// <param name="PeakBufferBytes">Most bytes of the engine's native buffers.</param>
/// <param name="PeakRssBytes">Most bytes of the process that were resident.</param>
internal sealed record MemoryReport(
    long PeakManagedBytes, long AllocatedBytes, long PeakBufferBytes, long PeakRssBytes);
