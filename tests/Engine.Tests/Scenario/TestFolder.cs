namespace Actors.Engine.Tests.Scenario;

/// <summary>The folder of one test.</summary>
internal static class TestFolder
{
    /// <summary>Deletes it with all that is in it. FUSE closes files a moment after their owner did, and until then keeps
    /// those that are deleted under names of its own.</summary>
    public static void Delete(string directory)
    {
        if (!SpinWait.SpinUntil(() => TryDelete(directory), EngineScenario.Patience))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static bool TryDelete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
            return true;
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            return false;
        }
    }
}
