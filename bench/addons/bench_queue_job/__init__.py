from . import bench_upload
