using System.Runtime.CompilerServices;
using Actors.Engine.Memory;

namespace Actors.Engine.Tests.Scenario;

/// <summary>All engines of these tests hold back the memory that their pools take back: see <see
/// cref="Quarantine"/>.</summary>
internal static class QuarantinedMemory
{
    [ModuleInitializer]
    internal static void Begin() => Quarantine.IsOn = true;
}
