using Actors.Engine;

namespace Actors.Host.Running;

/// <summary>The buffers of a producer that has several blocks in flight.</summary>
internal static class BlockWindow
{
    /// <summary>How many blocks may be unanswered: what the phase asks for, within the file's credits.</summary>
    public static int Slots(PhasePlan plan, Opened opened)
    {
        var credits = Math.Min(opened.Credits, Math.Max(1, opened.CreditBytes / plan.Settings.BlockSize!.Value));
        return (int)Math.Min(Math.Min(plan.Settings.InFlight!.Value, credits), plan.Content.Units);
    }

    /// <summary>One array for all of them, pinned for good, since the engine hands it to the kernel.</summary>
    public static byte[] Allocate(int slots, int blockSize) =>
        GC.AllocateUninitializedArray<byte>(slots * blockSize, pinned: true);
}
