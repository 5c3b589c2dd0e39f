using Actors.Host.Content;

namespace Actors.Host.Tests.Content;

public sealed class BlockContentTests
{
    [Fact]
    public void Blocks_differ_by_place_file_seed_and_phase_and_repeat_for_the_same()
    {
        var blocks = new List<string>();
        foreach (var (seed, phase) in new[] { (1L, 0), (2, 0), (1, 1) })
        {
            var content = new BlockContent(61, 3, seed, 0, phase);
            foreach (var (file, block) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
            {
                blocks.Add(Convert.ToHexString(Block(content, file, block)));
                Assert.Equal(blocks[^1], Convert.ToHexString(Block(content, file, block)));
            }
        }

        Assert.Equal(blocks.Count, blocks.Distinct().Count());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(61)]
    [InlineData(4096)]
    public void A_block_is_right_in_its_place_and_nowhere_else(int size)
    {
        var content = new BlockContent(size, 9, 5);
        var block = Block(content, 2, 7);
        Assert.True(content.IsRight(2, 7, block));
        Assert.False(content.IsRight(2, 6, block));
        Assert.False(content.IsRight(1, 7, block));
        Assert.False(new BlockContent(size, 9, 6).IsRight(2, 7, block));
        Assert.False(content.IsRight(2, 7, block.AsSpan(1)));
        Assert.Contains("holds block 7 of file 2", content.Describe(1, 7, block));
    }

    [Fact]
    public void Any_changed_byte_makes_a_block_wrong()
    {
        var content = new BlockContent(109, 9, 5);
        for (var i = 0; i < 109; i++)
        {
            var block = Block(content, 2, 7);
            block[i] ^= 0x40;
            Assert.False(content.IsRight(2, 7, block), $"byte {i}");
            Assert.Contains("checksum", content.Describe(2, 7, block));
        }
    }

    [Fact]
    public void Zeros_are_no_block()
    {
        var content = new BlockContent(64, 9, 0);
        Assert.False(content.IsRight(0, 0, new byte[64]));
        Assert.Contains("zeros", content.Describe(0, 0, new byte[64]));
    }

    [Fact]
    public void An_overwritten_file_may_hold_what_any_phase_since_its_layout_wrote()
    {
        var content = new BlockContent(64, 9, 5, oldest: 2, generation: 4);
        var right = Enumerable.Range(0, 6).Where(phase =>
            content.IsRight(0, 3, Block(new BlockContent(64, 9, 5, 0, phase), 0, 3)));
        Assert.Equal([2, 3, 4], right);
    }

    [Fact]
    public void A_buffer_filled_once_and_stamped_again_is_a_right_block_each_time()
    {
        var content = new BlockContent(4096, 9, 5);
        var buffer = new byte[4096];
        var payload = content.FillPayload(buffer, 17);
        for (var block = 0; block < 9; block++)
        {
            content.Stamp(1, block, buffer, payload);
            Assert.True(content.IsRight(1, block, buffer));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(70_001)]
    public void Random_order_visits_each_block_once_a_pass_and_repeats_from_its_seed(int blocks)
    {
        var order = BlockOrder.Random(blocks, 7, 3);
        var again = BlockOrder.Random(blocks, 7, 3);
        var visited = Enumerable.Range(0, blocks).Select(i => order[i]).ToList();
        Assert.Equal(Enumerable.Range(0, blocks).Select(i => (long)i), visited.Order());
        Assert.Equal(visited, Enumerable.Range(0, blocks).Select(i => again[i + (5L * blocks)]));
        if (blocks >= 100)
        {
            Assert.NotEqual(visited.Order(), visited);
            Assert.NotEqual(visited, Enumerable.Range(0, blocks).Select(i => BlockOrder.Random(blocks, 8, 3)[i]));
            Assert.NotEqual(visited, Enumerable.Range(0, blocks).Select(i => BlockOrder.Random(blocks, 7, 4)[i]));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Random_order_has_no_stride_that_a_disk_could_follow(long seed, int file)
    {
        var order = BlockOrder.Random(100_000, seed, file);
        var steps = Enumerable.Range(0, 100_000).Select(i => order[i + 1] - order[i]).GroupBy(step => step).ToList();
        Assert.True(steps.Count > 60_000);
        Assert.True(steps.Max(same => same.Count()) < 30);
    }

    [Fact]
    public void Sequential_order_begins_again_at_the_end() =>
        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Enumerable.Range(0, 7).Select(i => BlockOrder.Sequential(3)[i]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70)]
    [InlineData(100)]
    public void A_mix_keeps_its_share(int readPercent)
    {
        var mix = new BlockMix(readPercent, 7, 3);
        var reads = Enumerable.Range(0, 100_000).Count(turn => mix.IsRead(turn));
        Assert.InRange(reads / 1000.0, readPercent - 0.5, readPercent + 0.5);
    }

    private static byte[] Block(BlockContent content, int file, long block)
    {
        var bytes = new byte[content.BlockSize];
        content.Fill(file, block, bytes);
        return bytes;
    }
}
